using QuantGen.Modules;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace QuantGen.Tests.Golden;

public sealed class ModulesGoldenTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("modules_conv")]
    [InlineData("modules_conv_transpose")]
    [InlineData("modules_linear_pool_norm")]
    public void Modules_and_their_gradients_equal_the_reference(string file)
        => new GoldenReport(file, output).Run(Differences, GoldenModule.Inexpressible);

    private static IEnumerable<string?> Differences(GoldenCase golden)
    {
        if (golden.Has("error") && !DefectInOutputSize(golden))
        {
            return [Rejects(() => Forward(GoldenModule.Create(golden), golden.Tensor("input"), golden))];
        }

        nn.Module module = GoldenModule.Create(golden);
        return PaddingMode(golden) != PaddingModes.Zeros ? PaddedDifferences(golden, (QuantConvolution)module)
            : DefectInOutputSize(golden) ? OutputSizeDifferences(golden, (QuantConvolutionTranspose)module)
            : ModuleDifferences(golden, (nn.Module<Tensor, Tensor>)module);
    }

    private static IEnumerable<string?> ModuleDifferences(GoldenCase golden, nn.Module<Tensor, Tensor> module)
    {
        yield return GoldenGradients.Keys(golden, module);
        Tensor input = golden.Tensor("input").requires_grad_();
        Tensor result = Forward(module, input, golden);
        yield return GoldenGradients.Compare(result, golden.Tensor("output"));
        if (golden.Has("indices"))
        {
            (Tensor values, Tensor indices) = ((QuantMaxPool)module).forward_with_indices(input);
            yield return GoldenTensor.Difference(values, result);
            yield return GoldenTensor.Difference(indices, golden.Tensor("indices"));
        }

        foreach (string? problem in GoldenGradients.Differences(golden, module, new Dictionary<string, Tensor> { ["input"] = input }, (result, "grad_output")))
        {
            yield return problem;
        }

        if (golden.Has("state_dict_after"))
        {
            Dictionary<string, Tensor> state = module.state_dict();
            foreach (var entry in golden.Json.GetProperty("state_dict_after").EnumerateObject())
            {
                yield return GoldenGradients.Named(entry.Name, GoldenGradients.Compare(state[entry.Name], GoldenTensor.Read(entry.Value)));
            }
        }

        if (golden.Has("eval_input"))
        {
            module.eval();
            yield return GoldenGradients.Named("evaluation", GoldenGradients.Compare(module.call(golden.Tensor("eval_input")), golden.Tensor("eval_output")));
        }
    }

    // The reference pads circularly by half as much on each side, and with zeros where it should reflect or replicate.
    private static IEnumerable<string?> PaddedDifferences(GoldenCase golden, QuantConvolution module)
    {
        yield return GoldenGradients.Keys(golden, module);
        Tensor input = golden.Tensor("input");
        Tensor padded = nn.functional.pad(
            module.InputQuantizer.call(input), [.. module.padding.AsEnumerable().Reverse().SelectMany(size => new[] { size, size })], PaddingMode(golden));
        Tensor weight = module.WeightQuantizer.call(module.weight);
        Tensor expected = module.kernel_size.Length switch
        {
            1 => nn.functional.conv1d(padded, weight, module.bias, module.stride[0], 0, module.dilation[0], module.groups),
            2 => nn.functional.conv2d(padded, weight, module.bias, module.stride, [0, 0], module.dilation, module.groups),
            _ => nn.functional.conv3d(padded, weight, module.bias, module.stride, [0, 0, 0], module.dilation, module.groups),
        };
        yield return GoldenGradients.Compare(module.call(input), expected);
    }

    // The reference leaves dilation out of the sizes that it allows.
    private static bool DefectInOutputSize(GoldenCase golden)
        => golden.Has("forward_kwargs") && golden.Object("forward_kwargs").Has("output_size") && golden.Object("ctor").Has("dilation");

    private static IEnumerable<string?> OutputSizeDifferences(GoldenCase golden, QuantConvolutionTranspose module)
    {
        Tensor input = golden.Tensor("input");
        long[] size = OutputSize(golden)!;
        int count = module.kernel_size.Length;
        long[] least = module.call(input).shape[^count..];
        long[] extra = [.. size[^count..].Select((wanted, i) => wanted - least[i] + module.output_padding[i])];
        if (extra.Where((padding, i) => padding < 0 || padding >= Math.Max(module.stride[i], module.dilation[i])).Any())
        {
            yield return Rejects(() => module.forward(input, size));
            yield break;
        }

        Tensor x = module.InputQuantizer.call(input), weight = module.WeightQuantizer.call(module.weight);
        Tensor expected = count switch
        {
            1 => nn.functional.conv_transpose1d(x, weight, module.bias, module.stride[0], module.padding[0], extra[0], module.dilation[0], module.groups),
            2 => nn.functional.conv_transpose2d(x, weight, module.bias, module.stride, module.padding, extra, module.dilation, module.groups),
            _ => nn.functional.conv_transpose3d(x, weight, module.bias, module.stride, module.padding, extra, module.dilation, module.groups),
        };
        Tensor actual = module.forward(input, size);
        yield return GoldenGradients.Compare(actual, expected);
        yield return actual.shape.TakeLast(count).SequenceEqual(size.TakeLast(count)) ? null : $"size {string.Join(", ", actual.shape)}";
    }

    private static Tensor Forward(nn.Module module, Tensor input, GoldenCase golden)
        => OutputSize(golden) is { } size ? ((QuantConvolutionTranspose)module).forward(input, size) : ((nn.Module<Tensor, Tensor>)module).call(input);

    private static long[]? OutputSize(GoldenCase golden)
        => golden.Has("forward_kwargs") && golden.Object("forward_kwargs") is var arguments && arguments.Has("output_size")
            ? [.. arguments.Json.GetProperty("output_size").EnumerateArray().Select(size => size.GetInt64())]
            : null;

    private static PaddingModes PaddingMode(GoldenCase golden)
        => golden.Object("ctor").Has("padding_mode") ? Enum.Parse<PaddingModes>(golden.Object("ctor").Text("padding_mode"), ignoreCase: true) : PaddingModes.Zeros;

    private static string? Rejects(Action action)
    {
        try
        {
            action();
            return "no error";
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
