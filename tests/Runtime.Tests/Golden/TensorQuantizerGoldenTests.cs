using System.Text.Json;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace QuantGen.Tests.Golden;

public sealed class TensorQuantizerGoldenTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_step_of_a_quantizer_equals_the_reference() => new GoldenReport("tensor_quantizer", output).Run(Compare);

    private static List<string?> Compare(GoldenCase golden)
    {
        List<string?> problems = [];
        if (golden.Has("error"))
        {
            Assert.ThrowsAny<Exception>(() => Create(golden));
            return problems;
        }

        using TensorQuantizer quantizer = Create(golden);
        int number = 0;
        foreach (GoldenCase step in golden.List("steps"))
        {
            string place = $"step {number++} ({step.Text("op")})";
            if (step.Has("error"))
            {
                // E4M3 aside, what is an error there is one here.
                problems.Add(Throws(() => Perform(quantizer, step, golden)) ? null : $"{place} is not an error");
                continue;
            }

            problems.AddRange(Perform(quantizer, step, golden).Where(problem => problem is not null).Select(problem => $"{place}: {problem}"));
        }

        return problems;
    }

    private static TensorQuantizer Create(GoldenCase golden)
    {
        GoldenCase ctor = golden.Object("ctor");
        TensorQuantizer quantizer = new(
            GoldenDescriptor.Read(golden.Json.GetProperty("descriptor")), ctor.Flag("if_quant", absent: true), ctor.Flag("if_clip"), ctor.Flag("if_calib"),
            ctor.Flag("disabled"));
        if (quantizer.Calibrator is HistogramCalibrator)
        {
            quantizer.Calibrator = new HistogramCalibrator(quantizer.NumBits, mode: HistogramMode.ReferenceTorch) { Unsigned = quantizer.Unsigned };
        }

        return quantizer;
    }

    private static bool Throws(Func<List<string?>> action)
    {
        try
        {
            action();
            return false;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            return true;
        }
    }

    private static List<string?> Perform(TensorQuantizer quantizer, GoldenCase step, GoldenCase golden) => step.Text("op") switch
    {
        "forward" => Forward(quantizer, step, golden),
        "call" => Call(quantizer, step),
        "set" => Set(quantizer, step),
        "get" => [Get(quantizer, step, golden)],
        "state" => State(quantizer, step),
        "load_state_dict" => Load(quantizer, step),
        var other => throw new InvalidDataException($"unknown step {other}"),
    };

    private static List<string?> Forward(TensorQuantizer quantizer, GoldenCase step, GoldenCase golden)
    {
        Tensor input = step.Tensor("input").requires_grad_();
        if (quantizer.Axis?.Any(axis => axis < 0) == true && quantizer.Amax is null)
        {
            return CountsAxesFromTheEnd(quantizer, input);
        }

        using Tensor? before = quantizer.Amax?.clone();
        Tensor result = quantizer.call(input);
        List<string?> problems = [GoldenTensor.Difference(result, step.Tensor("output"))];
        problems.Add(before is null ? null : GoldenTensor.Difference(quantizer.Amax!, before));
        if (step.Has("scale"))
        {
            problems.Add(GoldenTensor.Difference(quantizer.Scale!, step.Tensor("scale")));
        }

        if (step.Has("grad_output"))
        {
            foreach ((_, TorchSharp.Modules.Parameter parameter) in quantizer.named_parameters())
            {
                parameter.grad?.zero_();
            }

            result.backward([step.Tensor("grad_output")]);
            problems.Add(GoldenTensor.Difference(input.grad!, step.Tensor("grad_input")));

            // The reference computes a clip for E4M3 and drops it, so that its bounds never learn; here they do.
            if (step.Has("grad_params") && !quantizer.NumBits.IsE4M3)
            {
                problems.AddRange(step.Json.GetProperty("grad_params").EnumerateObject().Where(entry => entry.Value.ValueKind != JsonValueKind.Null)
                    .Select(entry => GoldenTensor.Difference(quantizer.get_parameter(entry.Name)!.grad!, GoldenTensor.Read(entry.Value), 1e-6, 1e-6)));
            }
        }

        return problems;
    }

    // For a dynamic amax the reference takes a negative axis for none at all. Here it counts from the end, as it does in calibration there too.
    private static List<string?> CountsAxesFromTheEnd(TensorQuantizer quantizer, Tensor input)
    {
        using TensorQuantizer same = new(quantizer.Descriptor with { Axis = [.. quantizer.Axis!.Select(axis => axis < 0 ? (int)(axis + input.ndim) : axis)] });
        return [GoldenTensor.Difference(quantizer.call(input), same.call(input))];
    }

    private static List<string?> Call(TensorQuantizer quantizer, GoldenCase step)
    {
        switch (step.Text("method"))
        {
            case "enable": quantizer.IsEnabled = true; break;
            case "disable": quantizer.IsEnabled = false; break;
            case "enable_quant": quantizer.IsQuantizing = true; break;
            case "disable_quant": quantizer.IsQuantizing = false; break;
            case "enable_clip": quantizer.EnableClip(); break;
            case "disable_clip": quantizer.DisableClip(); break;
            case "enable_calib": quantizer.IsCalibrating = true; break;
            case "disable_calib": quantizer.IsCalibrating = false; break;
            case "init_learn_amax": quantizer.InitLearnAmax(); break;
            case "load_calib_amax": LoadCalibratedAmax(quantizer, step); break;
            default: return [$"unknown method {step.Text("method")}"];
        }

        return [];
    }

    private static void LoadCalibratedAmax(TensorQuantizer quantizer, GoldenCase step)
    {
        JsonElement none = default;
        JsonElement keywords = step.Json.TryGetProperty("kwargs", out JsonElement found) ? found : none;
        string? method = step.Has("args") ? step.Json.GetProperty("args")[0].GetString()
            : keywords.ValueKind == JsonValueKind.Object && keywords.TryGetProperty("method", out JsonElement named) ? named.GetString() : null;
        bool strict = keywords.ValueKind != JsonValueKind.Object || !keywords.TryGetProperty("strict", out JsonElement flag) || flag.GetBoolean();
        double percentile = keywords.ValueKind == JsonValueKind.Object && keywords.TryGetProperty("percentile", out JsonElement value) ? value.GetDouble() : 99.99;
        quantizer.LoadCalibratedAmax(
            method switch
            {
                null => null,
                "entropy" => CalibrationMethod.Entropy,
                "mse" => CalibrationMethod.Mse,
                "percentile" => CalibrationMethod.Percentile(percentile),
                var unknown => throw new ArgumentException($"there is no method {unknown} to write"),
            },
            strict);
    }

    private static List<string?> Set(TensorQuantizer quantizer, GoldenCase step)
    {
        JsonElement value = step.Json.GetProperty("value");
        switch (step.Text("property"))
        {
            case "amax" when value.ValueKind == JsonValueKind.Null:
                Assert.Throws<ArgumentNullException>(() => quantizer.Amax = null!);
                break;
            case "amax": quantizer.Amax = Value(value); break;
            case "pre_quant_scale": quantizer.PreQuantScale = Value(value); break;
            case "num_bits": quantizer.NumBits = step.NumBits("value"); break;
            case "unsigned": quantizer.Unsigned = value.GetBoolean(); break;
            case "narrow_range": quantizer.NarrowRange = value.GetBoolean(); break;
            default: return [$"unknown property {step.Text("property")}"];
        }

        return [];
    }

    private static string? Get(TensorQuantizer quantizer, GoldenCase step, GoldenCase golden)
    {
        // The reference's max calibrator goes on writing into the first amax that it handed out. Here amax is a copy, which Forward sees to;
        // what the reference shows is the calibrator's running maximum.
        bool isShared = quantizer is { IsCalibrating: true, Calibrator: MaxCalibrator } && !golden.Object("descriptor").Has("amax");
        if (isShared && step.Text("property") == "amax" && step.Has("value"))
        {
            using Tensor? running = quantizer.Calibrator.ComputeAmax(CalibrationMethod.Max);
            return GoldenTensor.Difference(running!, Value(step.Json.GetProperty("value")));
        }

        object? actual = step.Text("property") switch
        {
            "amax" => quantizer.Amax,
            "step_size" => quantizer.StepSize,
            "pre_quant_scale" => quantizer.PreQuantScale,
            "scale" => quantizer.Scale,
            "maxbound" => tensor(quantizer.MaxBound),
            "num_bits" => tensor(quantizer.NumBits.Bits),
            "unsigned" => tensor(quantizer.Unsigned ? 1.0 : 0.0),
            "narrow_range" => tensor(quantizer.NarrowRange ? 1.0 : 0.0),
            var other => throw new InvalidDataException($"unknown property {other}"),
        };
        if (!step.Has("value"))
        {
            return actual is null ? null : "is not null";
        }

        return Value(step.Json.GetProperty("value")) is var expected && actual is Tensor value ? GoldenTensor.Difference(value, expected) : "is null";
    }

    private static Tensor Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => GoldenTensor.Read(value),
        JsonValueKind.True or JsonValueKind.False => tensor(value.GetBoolean() ? 1.0 : 0.0),
        _ => tensor(value.GetSingle()),
    };

    private static List<string?> State(TensorQuantizer quantizer, GoldenCase step)
    {
        string[] keys = [.. step.Json.GetProperty("state_dict_keys").EnumerateArray().Select(key => key.GetString()!)];
        return
        [
            quantizer.ToString() == step.Text("extra_repr") ? null : $"'{quantizer}' instead of '{step.Text("extra_repr")}'",
            quantizer.state_dict().Keys.Order().SequenceEqual(keys.Order()) ? null : $"keys {string.Join(", ", quantizer.state_dict().Keys)}",
            !step.Has("amax") ? quantizer.Amax is null ? null : "amax is not null" : GoldenTensor.Difference(quantizer.Amax!, step.Tensor("amax")),
        ];
    }

    private static List<string?> Load(TensorQuantizer quantizer, GoldenCase step)
    {
        quantizer.load_state_dict(step.Json.GetProperty("state_dict").EnumerateObject().ToDictionary(entry => entry.Name, entry => GoldenTensor.Read(entry.Value)));
        return [];
    }
}
