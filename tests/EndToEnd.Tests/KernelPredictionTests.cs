using QuantGen.Onnx;
using QuantGen.Tests.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests;

/// <summary>
/// For every model of the zoo that can be exported, the report says of each operator what ONNX Runtime makes of it; opening the export compares the two.
/// </summary>
public sealed class KernelPredictionTests
{
    // One of these takes integers, and the blocks of the other have layer normalization.
    private static readonly string[] s_excluded = ["SequenceTagger", "Transformer"];

    public static TheoryData<string> Exportable =>
        [.. ZooModel.All.Where(zoo => !s_excluded.Contains(zoo.Name) && zoo.Quant() is Module<Tensor, Tensor> and ITraceable).Select(zoo => zoo.Name)];

    [Theory]
    [MemberData(nameof(Exportable))]
    public void A_report_says_what_onnx_runtime_does_and_the_file_computes_what_the_model_does(string name)
    {
        ZooModel zoo = ZooModel.Find(name);
        using var scope = NewDisposeScope();
        random.manual_seed(6);
        var quant = (Module<Tensor, Tensor>)zoo.Quant();
        Tensor input = zoo.Inputs()[0];
        Calibration.Run(quant, [input], CalibrationMethod.Max);

        using ExportedModel exported = Export(quant, input);

        Assert.NotEmpty(exported.Report.Kernels);
        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(quant, input), exported.Run(input)), 0, 0.25f);
    }

    [Theory]
    [InlineData("MobileNetV3Unsigned", "Max", "")]
    [InlineData("MobileNetV3Unsigned", "Mse", "")]
    [InlineData("Detector", "Mse", "")]
    [InlineData("UNet", "Mse", "head")]
    [InlineData("InceptionNet", "Mse", "")]
    public void Every_convolution_but_one_that_gives_the_model_its_output_runs_in_integers(string name, string method, string last)
    {
        ZooModel zoo = ZooModel.Find(name);
        using var scope = NewDisposeScope();
        random.manual_seed(7);
        var quant = (Module<Tensor, Tensor>)zoo.Quant();
        Tensor input = zoo.Inputs()[0];
        Calibration.Run(quant, [input], method == "Max" ? CalibrationMethod.Max : CalibrationMethod.Mse);

        using ExportedModel exported = Export(quant, input);

        Assert.Equal(
            last,
            string.Join(' ', exported.Report.Kernels.Where(kernel => kernel is { IsInteger: false, Operator: "Conv" or "Gemm" or "MatMul" }).Select(kernel => kernel.Layer)));
        Assert.Contains(exported.Optimized.Graph.Node, node => node.OpType == "QLinearConv");
    }

    // The model's own type is known at run time only.
    private static ExportedModel Export(Module<Tensor, Tensor> quant, Tensor input)
        => (ExportedModel)typeof(ExportedModel).GetMethod(nameof(ExportedModel.Of))!.MakeGenericMethod(quant.GetType()).Invoke(null, [quant, input, OnnxTarget.OnnxRuntime, true])!;
}
