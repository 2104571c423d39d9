using QuantGen.Tests.Verification;

namespace QuantGen.Tests.Signs;

/// <summary>Which activations have an affine range.</summary>
public sealed class AffineTests
{
    [Theory]
    [InlineData("Target = QuantTarget.OnnxRuntime", "Input = new() { NumBits = 8, Affine = true };")]
    [InlineData("Target = QuantTarget.OnnxRuntime, Input = \"4bit affine mse\"", "Input = new() { NumBits = 4, Affine = true, CalibrationMethod = CalibrationMethod.Mse };")]
    [InlineData("Target = QuantTarget.OnnxRuntime, Input = \"learned\"", "Input = new() { NumBits = 8, Affine = true, LearnAmax = true, LearnStep = true };")]
    [InlineData("Target = QuantTarget.OnnxRuntime, Input = \"symmetric\"", "Input = new() { NumBits = 8, DetectUnsigned = true };")]
    [InlineData("Target = QuantTarget.OnnxRuntime, Input = \"narrow\"", "Input = new() { NumBits = 8, DetectUnsigned = true, NarrowRange = true };")]
    [InlineData("Target = QuantTarget.OnnxRuntime, Input = \"axis=1\"", "Input = new() { NumBits = 8, Axis = 1, DetectUnsigned = true };")]
    [InlineData("Target = QuantTarget.OnnxRuntime, Input = \"unsigned\"", "Input = new() { NumBits = 8, Unsigned = true };")]
    [InlineData("Target = QuantTarget.OnnxRuntime, Input = \"fp8\"", "Input = new() { NumBits = NumBits.E4M3 };")]
    [InlineData("Target = QuantTarget.TensorRT", "Input = new() { NumBits = 8 };")]
    public void An_activation_for_ONNX_Runtime_is_affine_unless_something_else_is_said(string settings, string descriptor)
        => Assert.Contains(descriptor, Text(settings, "x"), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData(", Input = \"affine\"")]
    public void An_activation_that_is_never_negative_is_unsigned(string said)
        => Assert.Contains("UnsignedInput = new() { NumBits = 8, Unsigned = true };", Text("Target = QuantTarget.OnnxRuntime" + said, "x.relu()"), StringComparison.Ordinal);

    [Fact]
    public void Weights_are_symmetric()
        => Assert.Contains("Weight = new() { NumBits = 8, Axis = 0 };", Text("Target = QuantTarget.OnnxRuntime", "x"), StringComparison.Ordinal);

    private static string Text(string settings, string input) => Generated.From(Compiler.Usings + $$"""
        namespace Models;
        [Quantize({{settings}})]
        public class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(2, 2);
            public Net() : base("net") { RegisterComponents(); }
            public override Tensor forward(Tensor x) => fc.call({{input}});
        }
        """).Text;
}
