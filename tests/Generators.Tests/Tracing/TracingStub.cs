namespace QuantGen.Tests.Tracing;

/// <summary>Stands in for the runtime's traced types where the runtime does not have them, with the few operations that the tests use.</summary>
internal static class TracingStub
{
    /// <summary>The source to add to a compilation: nothing where the runtime has the real types.</summary>
    public static string[] Sources => typeof(QuantizeAttribute).Assembly.GetType("QuantGen.Onnx.TracedTensor") is null ? [Stub] : [];

    private const string Stub = """
        #pragma warning disable
        using System;
        using System.Collections.Generic;
        using TorchSharp;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;
        namespace QuantGen.Onnx
        {
            public interface ITraceable { TracedTensor forward(TracedTensor input); }
            public sealed class TracedTensor : IDisposable
            {
                public long[] shape => [];
                [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(value))] public static implicit operator TracedTensor?(Tensor? value) => null;
                public static TracedTensor operator +(TracedTensor left, TracedTensor right) => left;
                public static TracedTensor operator *(TracedTensor left, Scalar right) => left;
                public TracedTensor relu() => this;
                public TracedTensor relu_() => this;
                public TracedTensor add_(TracedTensor target) => this;
                public TracedTensor flatten(long start_dim = 0, long end_dim = -1) => this;
                public TracedTensor view(params long[] shape) => this;
                public TracedTensor MoveToOuterDisposeScope() => this;
                public void Dispose() { }
            }
            public static class TracedOps
            {
                public static TracedTensor relu(TracedTensor x, bool inplace = false) => x;
                public static TracedTensor cat(IList<TracedTensor> tensors, long dim = 0) => tensors[0];
                public static TracedTensor linear(TracedTensor input, TracedTensor weights, TracedTensor? bias = null) => input;
            }
            public static class TracedModules
            {
                public static TracedTensor call(this IModule<Tensor, Tensor> module, TracedTensor input) => input;
                public static TracedTensor forward(this IModule<Tensor, Tensor> module, TracedTensor input) => input;
            }
        }
        """;
}
