using static TorchSharp.torch;

namespace QuantGen.Statistics.Histograms;

/// <summary>What all histograms ask of a tensor.</summary>
internal static class HistogramInput
{
    /// <summary>The values as contiguous float32.</summary>
    public static Tensor Of(Tensor input) => input.detach().to(ScalarType.Float32).contiguous();

    public static void RequireFinite(bool finite)
    {
        if (!finite)
        {
            throw new NotFiniteInputException();
        }
    }
}
