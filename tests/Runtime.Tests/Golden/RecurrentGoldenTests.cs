using QuantGen.Modules;
using Xunit.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.utils.rnn;

namespace QuantGen.Tests.Golden;

public sealed class RecurrentGoldenTests(ITestOutputHelper output)
{
    [Fact]
    public void LSTMs_and_their_gradients_equal_the_reference() => new GoldenReport("modules_rnn", output).Run(Differences, GoldenModule.Inexpressible);

    private static IEnumerable<string?> Differences(GoldenCase golden)
    {
        if (golden.Has("error"))
        {
            return [Rejects(golden)];
        }

        return GoldenModule.Create(golden) switch
        {
            QuantLSTMCell cell => CellDifferences(golden, cell),
            QuantLSTM lstm when golden.Has("packed_input") => PackedDifferences(golden, lstm),
            QuantLSTM lstm when golden.Has("input") => SequenceDifferences(golden, lstm),
            var module => StateDifferences(golden, (QuantLSTM)module),
        };
    }

    private static IEnumerable<string?> SequenceDifferences(GoldenCase golden, QuantLSTM module)
    {
        Dictionary<string, Tensor> inputs = Inputs(golden);
        (Tensor result, Tensor h, Tensor c) = module.call(inputs["input"], State(inputs));
        return
        [
            GoldenGradients.Keys(golden, module),
            golden.Has("num_input_quantizers") && module.InputQuantizers.Count != golden.Int("num_input_quantizers", 0) ? $"{module.InputQuantizers.Count} quantizers" : null,
            GoldenGradients.Compare(result, golden.Tensor("output")),
            GoldenGradients.Compare(h, golden.Tensor("hn")),
            GoldenGradients.Compare(c, golden.Tensor("cn")),
            .. GoldenGradients.Differences(golden, module, inputs, (result, "grad_output"), (h, "grad_hn"), (c, "grad_cn")),
        ];
    }

    private static IEnumerable<string?> CellDifferences(GoldenCase golden, QuantLSTMCell module)
    {
        Dictionary<string, Tensor> inputs = Inputs(golden);
        (Tensor h, Tensor c) = module.call(inputs["input"], State(inputs));
        return
        [
            GoldenGradients.Keys(golden, module),
            GoldenGradients.Compare(h, golden.Tensor("hy")),
            GoldenGradients.Compare(c, golden.Tensor("cy")),
            .. GoldenGradients.Differences(golden, module, inputs, (h, "grad_hy"), (c, "grad_cy")),
        ];
    }

    private static IEnumerable<string?> PackedDifferences(GoldenCase golden, QuantLSTM module)
    {
        Dictionary<string, Tensor> inputs = Inputs(golden);
        long[] lengths = [.. golden.Json.GetProperty("lengths").EnumerateArray().Select(length => length.GetInt64())];
        bool sorted = lengths.SequenceEqual(lengths.OrderDescending());
        PackedSequence packed = pack_padded_sequence(inputs["input"], tensor(lengths), golden.Object("ctor").Flag("batch_first"), enforce_sorted: sorted);
        (PackedSequence result, Tensor h, Tensor c) = module.call(packed, State(inputs));
        yield return GoldenTensor.Difference(packed.data, golden.Tensor("packed_input"));
        yield return GoldenTensor.Difference(result.batch_sizes, golden.Tensor("batch_sizes"));

        // The reference forgets the order of unsorted sequences: its states belong to the sorted ones, before as well as after.
        if (!sorted && inputs.ContainsKey("h0"))
        {
            yield break;
        }

        yield return GoldenGradients.Compare(result.data, golden.Tensor("packed_output"));
        yield return GoldenGradients.Compare(sorted ? h : h.index_select(1, packed.sorted_indices), golden.Tensor("hn"));
        yield return GoldenGradients.Compare(sorted ? c : c.index_select(1, packed.sorted_indices), golden.Tensor("cn"));
    }

    /// <summary>A case without input lists the keys of a calibrated module.</summary>
    private static IEnumerable<string?> StateDifferences(GoldenCase golden, QuantLSTM module)
    {
        List<TensorQuantizer> quantizers = [.. module.InputQuantizers, .. module.WeightQuantizers];
        quantizers.ForEach(quantizer => quantizer.IsCalibrating = true);
        module.call(randn(3, 2, golden.Object("ctor").Int("input_size", 0)));
        quantizers.ForEach(quantizer => quantizer.LoadCalibratedAmax());
        return
        [
            GoldenGradients.Keys(golden, module),
            golden.Has("extra_repr") && module.ToString() != golden.Text("extra_repr") ? $"'{module}' instead of '{golden.Text("extra_repr")}'" : null,
        ];
    }

    private static Dictionary<string, Tensor> Inputs(GoldenCase golden)
        => new[] { "input", "h0", "c0" }.Where(golden.Has).ToDictionary(name => name, name => golden.Tensor(name).requires_grad_());

    private static (Tensor, Tensor)? State(Dictionary<string, Tensor> inputs) => inputs.TryGetValue("h0", out Tensor? h) ? (h, inputs["c0"]) : null;

    private static string? Rejects(GoldenCase golden)
    {
        try
        {
            nn.Module module = GoldenModule.Create(golden);
            Dictionary<string, Tensor> inputs = Inputs(golden);
            _ = module is QuantLSTM lstm ? lstm.call(inputs["input"], State(inputs)).Item1 : ((QuantLSTMCell)module).call(inputs["input"], State(inputs)).Item1;
            return "no error";
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
