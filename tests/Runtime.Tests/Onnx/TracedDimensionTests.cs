using QuantGen.Onnx;
using QuantGen.Tests.Modules;
using QuantGen.Tests.Onnx.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Tests.Onnx;

/// <summary>Exports of convolutions and pools over one to three dimensions, run in ONNX Runtime.</summary>
public sealed class TracedDimensionTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public TracedDimensionTests() => manual_seed(13);

    public void Dispose() => _scope.Dispose();

    // With a batch, evenly divided adaptive pools, and what ONNX has an operator for.
    private static readonly string[] s_excluded =
        ["InstanceNorm", "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d", "Circular", "of one", "of arrays", "with all arguments", "AvgPool3d of tuples"];

    private static IEnumerable<ModulePair> Pairs() =>
    [
        .. ModuleZoo.Simple().Concat(ModuleZoo.Varied()).Where(pair => !s_excluded.Any(part => pair.Name.Contains(part, StringComparison.Ordinal))),
        new("AdaptiveAvgPool1d to 4", () => nn.AdaptiveAvgPool1d(4), () => new QuantGen.Modules.QuantAdaptiveAvgPool1d(4), [2, 2, 8]),
        new("AdaptiveAvgPool2d to 1", () => nn.AdaptiveAvgPool2d(1), () => new QuantGen.Modules.QuantAdaptiveAvgPool2d(1), [2, 2, 8, 8]),
        new("AdaptiveAvgPool3d to 1", () => nn.AdaptiveAvgPool3d(1), () => new QuantGen.Modules.QuantAdaptiveAvgPool3d(1), [2, 2, 4, 8, 8]),
    ];

    public static TheoryData<string> Names => [.. Pairs().Select(pair => pair.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_module_computes_the_same_in_onnx_runtime(string name)
    {
        ModulePair pair = Pairs().Single(pair => pair.Name == name);
        TracedFunction model = TracedFunction.Of(pair.Float());
        Tensor input = randn(pair.Input);
        using ExportedModel exported = ExportedModel.Of(model, input, OnnxTarget.Float);
        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, input), exported.Run(input)), 0, 1e-5f);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_quantized_counterpart_computes_the_same_for_both_targets(string name)
    {
        ModulePair pair = Pairs().Single(pair => pair.Name == name);
        TracedFunction model = TracedFunction.Of(pair.Quantized());
        Tensor input = randn(pair.Input);
        Calibration.Run(model, [input], CalibrationMethod.Max);
        foreach (OnnxTarget target in new[] { OnnxTarget.TensorRT, OnnxTarget.OnnxRuntime })
        {
            using ExportedModel exported = ExportedModel.Of(model, input, target);
            Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, input), exported.Run(input)), 0, 0.01f);
        }
    }
}
