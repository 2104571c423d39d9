using QuantGen.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Tests.Modules;

/// <summary>Pairs of TorchSharp's modules and ours, made with the same arguments, and the shape of an input.</summary>
internal sealed record ModulePair(string Name, Func<nn.Module<Tensor, Tensor>> Float, Func<nn.Module<Tensor, Tensor>> Quantized, long[] Input)
{
    public override string ToString() => Name;
}

internal static class ModuleZoo
{
    private static readonly PaddingModes[] s_modes = [PaddingModes.Zeros, PaddingModes.Reflect, PaddingModes.Replicate, PaddingModes.Circular];

    /// <summary>Every type of module from one tensor to one tensor, in its simplest form.</summary>
    public static IEnumerable<ModulePair> Simple()
    {
        yield return new("Conv1d", () => nn.Conv1d(2, 4, 3), () => new QuantConv1d(2, 4, 3), [2, 2, 8]);
        yield return new("Conv2d", () => nn.Conv2d(2, 4, 3), () => new QuantConv2d(2, 4, 3), [2, 2, 8, 8]);
        yield return new("Conv3d", () => nn.Conv3d(2, 4, 3), () => new QuantConv3d(2, 4, 3), [2, 2, 4, 8, 8]);
        yield return new("ConvTranspose1d", () => nn.ConvTranspose1d(2, 4, 3), () => new QuantConvTranspose1d(2, 4, 3), [2, 2, 8]);
        yield return new("ConvTranspose2d", () => nn.ConvTranspose2d(2, 4, 3), () => new QuantConvTranspose2d(2, 4, 3), [2, 2, 8, 8]);
        yield return new("ConvTranspose3d", () => nn.ConvTranspose3d(2, 4, 3), () => new QuantConvTranspose3d(2, 4, 3), [2, 2, 4, 8, 8]);
        yield return new("Linear", () => nn.Linear(8, 5), () => new QuantLinear(8, 5), [3, 2, 8]);
        yield return new("MaxPool1d", () => nn.MaxPool1d(2), () => new QuantMaxPool1d(2), [2, 2, 8]);
        yield return new("MaxPool2d", () => nn.MaxPool2d(2), () => new QuantMaxPool2d(2), [2, 2, 8, 8]);
        yield return new("MaxPool3d", () => nn.MaxPool3d(2), () => new QuantMaxPool3d(2), [2, 2, 4, 8, 8]);
        yield return new("AvgPool1d", () => nn.AvgPool1d(2), () => new QuantAvgPool1d(2), [2, 2, 8]);
        yield return new("AvgPool2d", () => nn.AvgPool2d(2), () => new QuantAvgPool2d(2), [2, 2, 8, 8]);
        yield return new("AvgPool3d", () => nn.AvgPool3d(2), () => new QuantAvgPool3d(2), [2, 2, 4, 8, 8]);
        yield return new("AdaptiveAvgPool1d", () => nn.AdaptiveAvgPool1d(3), () => new QuantAdaptiveAvgPool1d(3), [2, 2, 8]);
        yield return new("AdaptiveAvgPool2d", () => nn.AdaptiveAvgPool2d(3), () => new QuantAdaptiveAvgPool2d(3), [2, 2, 8, 8]);
        yield return new("AdaptiveAvgPool3d", () => nn.AdaptiveAvgPool3d(3), () => new QuantAdaptiveAvgPool3d(3), [2, 2, 4, 8, 8]);
        yield return new("InstanceNorm1d", () => nn.InstanceNorm1d(2, affine: true, track_running_stats: true), () => new QuantInstanceNorm1d(2, affine: true, track_running_stats: true), [2, 2, 8]);
        yield return new("InstanceNorm2d", () => nn.InstanceNorm2d(2, affine: true, track_running_stats: true), () => new QuantInstanceNorm2d(2, affine: true, track_running_stats: true), [2, 2, 8, 8]);
        yield return new("InstanceNorm3d", () => nn.InstanceNorm3d(2, affine: true, track_running_stats: true), () => new QuantInstanceNorm3d(2, affine: true, track_running_stats: true), [2, 2, 4, 8, 8]);
    }

    /// <summary>Arguments away from their defaults, every padding mode, and every form of sizes.</summary>
    public static IEnumerable<ModulePair> Varied()
    {
        foreach (PaddingModes mode in s_modes)
        {
            yield return new($"Conv1d {mode}", () => nn.Conv1d(4, 6, 3, stride: 2, padding: 2, dilation: 2, padding_mode: mode, groups: 2), () => new QuantConv1d(4, 6, 3, stride: 2, padding: 2, dilation: 2, padding_mode: mode, groups: 2), [2, 4, 9]);
            yield return new($"Conv1d same {mode}", () => nn.Conv1d(2, 3, 4, Padding.Same, padding_mode: mode), () => new QuantConv1d(2, 3, 4, Padding.Same, padding_mode: mode), [2, 2, 9]);
            yield return new($"Conv2d {mode}", () => nn.Conv2d(2, 3, (3, 2), (2, 1), (2, 1), (1, 2), mode, bias: false), () => new QuantConv2d(2, 3, (3, 2), (2, 1), (2, 1), (1, 2), mode, bias: false), [2, 2, 7, 8]);
            yield return new($"Conv2d of one image {mode}", () => nn.Conv2d(2, 3, 3, padding: 1, padding_mode: mode), () => new QuantConv2d(2, 3, 3, padding: 1, padding_mode: mode), [2, 7, 8]);
            yield return new($"Conv2d same {mode}", () => nn.Conv2d(2, 3, 3, Padding.Same, dilation: 2, padding_mode: mode), () => new QuantConv2d(2, 3, 3, Padding.Same, dilation: 2, padding_mode: mode), [2, 2, 7, 8]);
            yield return new($"Conv3d {mode}", () => nn.Conv3d(2, 2, (2, 3, 3), (1, 2, 1), (1, 2, 1), null, mode), () => new QuantConv3d(2, 2, (2, 3, 3), (1, 2, 1), (1, 2, 1), null, mode), [1, 2, 4, 5, 5]);
            yield return new($"Conv3d same {mode}", () => nn.Conv3d(2, 2, (3, 1, 3), Padding.Same, padding_mode: mode), () => new QuantConv3d(2, 2, (3, 1, 3), Padding.Same, padding_mode: mode), [1, 2, 4, 5, 5]);
        }

        yield return new("Conv2d valid", () => nn.Conv2d(2, 3, (3, 3), Padding.Valid), () => new QuantConv2d(2, 3, (3, 3), Padding.Valid), [2, 2, 7, 8]);
        yield return new("ConvTranspose1d with a stride", () => nn.ConvTranspose1d(4, 6, 3, 2, 1, 1, 2, groups: 2), () => new QuantConvTranspose1d(4, 6, 3, 2, 1, 1, 2, groups: 2), [2, 4, 5]);
        yield return new("ConvTranspose2d with a stride", () => nn.ConvTranspose2d(2, 3, 3, 2, 1, 1, bias: false), () => new QuantConvTranspose2d(2, 3, 3, 2, 1, 1, bias: false), [2, 2, 5, 4]);
        yield return new("ConvTranspose3d with a stride", () => nn.ConvTranspose3d(2, 2, (2, 3, 2), (2, 2, 1), (1, 0, 0)), () => new QuantConvTranspose3d(2, 2, (2, 3, 2), (2, 2, 1), (1, 0, 0)), [1, 2, 3, 3, 3]);
        yield return new("Linear without bias", () => nn.Linear(8, 5, hasBias: false), () => new QuantLinear(8, 5, hasBias: false), [3, 8]);
        yield return new("MaxPool1d with all arguments", () => nn.MaxPool1d(3, 2, 1, 2, true), () => new QuantMaxPool1d(3, 2, 1, 2, true), [2, 2, 9]);
        yield return new("MaxPool2d of tuples", () => nn.MaxPool2d((3, 2), (2, 1), (1, 0), (1, 2), true), () => new QuantMaxPool2d((3, 2), (2, 1), (1, 0), (1, 2), true), [2, 2, 8, 7]);
        yield return new("MaxPool2d of arrays", () => nn.MaxPool2d([3, 2], [2, 2]), () => new QuantMaxPool2d([3, 2], [2, 2]), [2, 8, 7]);
        yield return new("MaxPool3d of tuples", () => nn.MaxPool3d((1, 2, 3), (1, 2, 2), (0, 1, 1)), () => new QuantMaxPool3d((1, 2, 3), (1, 2, 2), (0, 1, 1)), [2, 2, 3, 5, 6]);
        yield return new("AvgPool1d with all arguments", () => nn.AvgPool1d(3, 2, 1, true, false), () => new QuantAvgPool1d(3, 2, 1, true, false), [2, 2, 8]);
        yield return new("AvgPool2d with all arguments", () => nn.AvgPool2d(3, 2, 1, true, false, 5), () => new QuantAvgPool2d(3, 2, 1, true, false, 5), [2, 2, 8, 7]);
        yield return new("AvgPool2d of tuples", () => nn.AvgPool2d((3, 2), (2, 1), (1, 1)), () => new QuantAvgPool2d((3, 2), (2, 1), (1, 1)), [2, 2, 8, 7]);
        yield return new("AvgPool3d of tuples", () => nn.AvgPool3d((1, 2, 3), (1, 2, 2), (0, 1, 1), true), () => new QuantAvgPool3d((1, 2, 3), (1, 2, 2), (0, 1, 1), true), [2, 2, 3, 5, 6]);
        yield return new("AdaptiveAvgPool2d of tuples", () => nn.AdaptiveAvgPool2d((2, 3)), () => new QuantAdaptiveAvgPool2d((2, 3)), [2, 2, 5, 7]);
        yield return new("AdaptiveAvgPool3d of arrays", () => nn.AdaptiveAvgPool3d([1, 2, 3]), () => new QuantAdaptiveAvgPool3d([1, 2, 3]), [2, 2, 3, 5, 7]);
        yield return new("InstanceNorm1d of one sample", () => nn.InstanceNorm1d(2), () => new QuantInstanceNorm1d(2), [2, 8]);
        yield return new("InstanceNorm2d of one sample", () => nn.InstanceNorm2d(2, eps: 0.1, affine: true), () => new QuantInstanceNorm2d(2, eps: 0.1, affine: true), [2, 4, 8]);
    }

    public static void SetQuantizers(nn.Module module, Action<TensorQuantizer> action)
    {
        foreach ((_, nn.Module child) in module.named_modules())
        {
            if (child is TensorQuantizer quantizer)
            {
                action(quantizer);
            }
        }
    }
}
