using System.Diagnostics;
using System.Reflection;
using QuantGen.Tests.Verification;
using static TorchSharp.torch;

namespace QuantGen.Tests;

/// <summary>An exception in generated code points to the user's file and line.</summary>
public sealed class LineTests
{
    private const string Source = """
        using System;
        using QuantGen;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;

        namespace Models;

        /// <summary>Throws.</summary>
        [Quantize(Input = "8bit",
            Weight = "4bit")]
        [Obsolete]
        public sealed class Net : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor> fc;
            private readonly Inner inner = new();

            public Net(bool fail = false) : base(nameof(Net))
            {
                fc = Linear(2, 2);
                if (fail)
                {
                    throw new InvalidOperationException("line 22");
                }

                RegisterComponents();
            }

            private sealed class Inner() : Module<Tensor, Tensor>("inner")
            {
                private readonly Module<Tensor, Tensor> fc = Linear(2, 2);
                public override Tensor forward(Tensor x) => x + fc.call(x);
            }

            public override Tensor forward(Tensor x)
            {
                // A comment.
                x = x
                    + fc.call(x);
                throw new InvalidOperationException("line 39");
            }
        }
        """;

    [Theory]
    [InlineData(true, 22)]
    [InlineData(false, 39)]
    public void The_stack_trace_names_the_users_file_and_line(bool inConstructor, int line)
    {
        Assembly assembly = Generated.From(Source).Load();
        Exception error = Assert.ThrowsAny<Exception>(() =>
        {
            using nn.Module<Tensor, Tensor> net = (nn.Module<Tensor, Tensor>)Activator.CreateInstance(assembly.GetType("Models.QuantNet")!, [inConstructor])!;
            using Tensor x = ones(1, 2);
            net.call(x);
        });

        error = error.InnerException ?? error;
        Assert.Equal($"line {line}", error.Message);
        StackFrame frame = new StackTrace(error, fNeedFileInfo: true).GetFrame(0)!;
        Assert.Equal(("Models/File0.cs", line), (frame.GetFileName(), frame.GetFileLineNumber()));
    }
}
