using QuantGen.Onnx.Graph;
using QuantGen.Onnx.Passes;

namespace QuantGen.Onnx.Targets;

/// <summary>What makes a traced graph one for a certain runtime: a sequence of passes.</summary>
internal abstract class ExportTarget
{
    /// <summary>The passes, in order.</summary>
    protected abstract IReadOnlyList<Action<OnnxGraph>> Passes { get; }

    /// <summary>The target of a name.</summary>
    public static ExportTarget Of(OnnxTarget target) => target switch
    {
        OnnxTarget.Float => new FloatTarget(),
        OnnxTarget.TensorRT => new TensorRTTarget(),
        OnnxTarget.OnnxRuntime => new OnnxRuntimeTarget(),
        _ => throw new ArgumentOutOfRangeException(nameof(target), target, "The export knows the targets Float, TensorRT and OnnxRuntime."),
    };

    /// <summary>Changes a traced graph into what the runtime wants.</summary>
    public void Apply(OnnxGraph graph)
    {
        foreach (Action<OnnxGraph> pass in Passes)
        {
            pass(graph);
        }

        NameOutput.Run(graph);
    }
}
