using System.Globalization;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using QuantGen.Generators;
using QuantGen.Tests.Verification;

namespace QuantGen.Tests.Rewriting;

/// <summary>Partial members of which another generator writes the implementation.</summary>
public sealed class PartialMemberTests
{
    private const string Model = Compiler.Usings + """
        namespace Models;

        [System.AttributeUsage(System.AttributeTargets.All)] public sealed class GeneratedAttribute : System.Attribute;

        [Quantize] public partial class Net : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor> fc = Linear(2, 2);
            public Net() : base("net") => RegisterComponents();
            public override Tensor forward(Tensor x) => fc.call(x);
            public string Read(string text) => Shout(text, 2, out int length) + length + Suffix;

            [Generated]
            private static partial string Shout(string text, int times, out int length);

            [Generated] private static partial string Suffix { get; }
        }
        """;

    private const string Implementation = """
        namespace Models;
        partial class Net
        {
            private static partial string Shout(string text, int times, out int length) { length = text.Length; return text.ToUpperInvariant() + times; }
            private static partial string Suffix => "!";
        }
        """;

    [Fact]
    public void Static_ones_call_those_of_the_model()
    {
        (Compilation with, IReadOnlyList<Diagnostic> diagnostics) = Run(Model, Implementation);
        Assert.Empty(diagnostics);

        using MemoryStream image = new();
        Assert.True(with.Emit(image).Success);
        Type quantized = Assembly.Load(image.ToArray()).GetType("Models.QuantNet")!;
        using IDisposable quant = (IDisposable)Activator.CreateInstance(quantized)!;
        Assert.Equal("HELLO25!", quantized.GetMethod("Read")!.Invoke(quant, ["hello"]));
    }

    [Fact]
    public void An_instance_method_of_an_unknown_generator_throws_and_QG1013_says_so()
    {
        string source = Model.Replace("[Generated] private static partial string Suffix { get; }", "[Generated] private partial void Changed(int what); private static string Suffix => \"\";", StringComparison.Ordinal);
        (Compilation with, IReadOnlyList<Diagnostic> diagnostics) = Run(
            source, Implementation.Replace("private static partial string Suffix => \"!\";", "private partial void Changed(int what) { }", StringComparison.Ordinal));

        Diagnostic said = Assert.Single(diagnostics);
        Assert.Equal(
            ("QG1013", "'Net.Changed' is implemented by another generator, which does not see the quantized class; it throws there", "Changed"),
            (said.Id, said.GetMessage(CultureInfo.InvariantCulture), said.Location.SourceTree!.GetText().ToString(said.Location.SourceSpan)));
        Assert.Contains(
            "private void Changed(int what) => throw new global::System.NotSupportedException(\"'Net.Changed' is implemented by another generator, which does not see 'QuantNet'.\");",
            with.SyntaxTrees.Last().ToString() + with.SyntaxTrees.ElementAt(1), StringComparison.Ordinal);
    }

    [Fact]
    public void A_logger_message_is_written_to_the_logger_that_the_class_holds()
    {
        const string Logging = """
            namespace Microsoft.Extensions.Logging
            {
                public enum LogLevel { Trace, Debug, Information, Warning }
                public interface ILogger { }
                public readonly struct EventId(int id, string? name = null) { public int Id => id; public string? Name => name; }
                [System.AttributeUsage(System.AttributeTargets.Method)]
                public sealed class LoggerMessageAttribute : System.Attribute { public int EventId { get; set; } public LogLevel Level { get; set; } public string Message { get; set; } = ""; }
                public static class LoggerExtensions
                {
                    public static void Log(this ILogger logger, LogLevel level, EventId id, System.Exception? error, string? message, params object?[] values) { }
                }
            }
            """;
        const string Source = Compiler.Usings + """
            using Microsoft.Extensions.Logging;
            namespace Models;
            [Quantize] public partial class Net : Module<Tensor, Tensor>
            {
                private readonly ILogger logger;
                public Net(ILogger logger) : base("net") { this.logger = logger; RegisterComponents(); }
                public override Tensor forward(Tensor x) { Seen(x.shape[0], "batch"); return x; }
                [LoggerMessage(EventId = 7, Level = LogLevel.Debug, Message = "A {Kind} of {Count} images")]
                private partial void Seen(long count, string kind);
            }
            """;
        (Compilation with, IReadOnlyList<Diagnostic> diagnostics) = Run([Source, Logging], "namespace Models; partial class Net { private partial void Seen(long count, string kind) { } }");
        Assert.Empty(diagnostics);
        Assert.Contains(
            with.SyntaxTrees.Select(tree => tree.ToString()),
            text => text.Contains(
                "private void Seen(long count, string kind) => global::Microsoft.Extensions.Logging.LoggerExtensions.Log(@logger, (global::Microsoft.Extensions.Logging.LogLevel)1, "
                + "new global::Microsoft.Extensions.Logging.EventId(7, \"Seen\"), null, \"A {Kind} of {Count} images\", @kind, @count);",
                StringComparison.Ordinal));
    }

    private static (Compilation With, IReadOnlyList<Diagnostic> Diagnostics) Run(string source, string other) => Run([source], other);

    private static (Compilation With, IReadOnlyList<Diagnostic> Diagnostics) Run(string[] sources, string other)
    {
        CSharpGeneratorDriver.Create([new QuantizeGenerator().AsSourceGenerator(), new OtherGenerator(other).AsSourceGenerator()], parseOptions: Compiler.ParseOptions)
            .RunGeneratorsAndUpdateCompilation(Compiler.Compile(sources), out Compilation with, out var diagnostics);
        Assert.Empty(with.GetDiagnostics().Where(problem => problem.Severity == DiagnosticSeverity.Error));
        return (with, diagnostics);
    }
}
