using Xunit.Abstractions;
using static TorchSharp.torch;

namespace QuantGen.Tests.Golden;

public sealed class TensorQuantGoldenTests(ITestOutputHelper output)
{
    [Fact]
    public void Quantization_and_its_gradients_equal_the_reference() => new GoldenReport("tensor_quant", output).Run(Compare);

    [Fact]
    public void Special_values_equal_the_reference() => new GoldenReport("tensor_quant_special", output).Run(Compare);

    private static IEnumerable<string?> Compare(GoldenCase golden)
    {
        Tensor input = golden.Tensor("input").requires_grad_();
        Tensor amax = golden.Tensor("amax");
        NumBits bits = golden.NumBits();
        (bool isUnsigned, bool narrow) = (golden.Flag("unsigned"), golden.Flag("narrow_range"));
        if (golden.Has("error"))
        {
            foreach (string? problem in Errors(golden, input, amax, bits, isUnsigned, narrow))
            {
                yield return problem;
            }

            yield break;
        }

        (Tensor quantized, Tensor scale) = TensorQuant.Apply(input, amax, bits, isUnsigned, narrow);
        yield return Named("quantized", GoldenTensor.Difference(quantized, golden.Tensor("quant_output").to(input.dtype)));
        yield return Named("scale", GoldenTensor.Difference(scale, golden.Tensor("scale")));
        yield return Named("gradient of the integers", Gradient(quantized, input, golden));

        // The result has the input's type, also where a float64 amax turns the reference's result into float64.
        Tensor fake = FakeQuant.Apply(input, amax, bits, isUnsigned, narrow);
        yield return Named("fake quantized", GoldenTensor.Difference(fake, golden.Tensor("fake_output").to(input.dtype)));
        yield return Named("gradient", Gradient(fake, input, golden));
        using (no_grad())
        {
            yield return Named("without gradient", GoldenTensor.Difference(FakeQuant.Apply(input, amax, bits, isUnsigned, narrow), golden.Tensor("fake_output").to(input.dtype)));
        }
    }

    private static string? Gradient(Tensor output, Tensor input, GoldenCase golden)
    {
        if (!golden.Has("grad_output"))
        {
            return null;
        }

        input.grad?.zero_();
        output.backward([golden.Tensor("grad_output").to(output.dtype)]);
        return GoldenTensor.Difference(input.grad!, golden.Tensor("grad_input"));
    }

    private static IEnumerable<string?> Errors(GoldenCase golden, Tensor input, Tensor amax, NumBits bits, bool isUnsigned, bool narrow)
    {
        yield return Throws("TensorQuant", () => TensorQuant.Apply(input, amax, bits, isUnsigned, narrow));
        if (!golden.Has("fake_output"))
        {
            yield return Throws("FakeQuant", () => FakeQuant.Apply(input, amax, bits, isUnsigned, narrow));
        }

        static string? Throws(string function, Action action)
        {
            try
            {
                action();
                return $"{function} accepts it";
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                return null;
            }
        }
    }

    private static string? Named(string what, string? difference) => difference is null ? null : $"{what}: {difference}";
}
