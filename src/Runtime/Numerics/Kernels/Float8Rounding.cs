using System.Runtime.Intrinsics;

namespace QuantGen.Numerics.Kernels;

/// <summary>Rounding to the grid of an 8-bit float format, in float32.</summary>
internal static class Float8Rounding
{
    private const int DroppedBits = 20;

    /// <summary>
    /// The nearest E4M3 values, half to even: three mantissa bits for normal numbers, which start at 2⁻⁶, and steps of 2⁻⁹ below.
    /// For values that are not negative and at most 448.
    /// </summary>
    public static Vector512<float> ToE4M3(Vector512<float> values)
    {
        Vector512<uint> bits = values.AsUInt32();
        Vector512<uint> odd = (bits >>> DroppedBits) & Vector512<uint>.One;
        Vector512<uint> kept = (bits + Vector512.Create((1u << (DroppedBits - 1)) - 1) + odd) & Vector512.Create(~((1u << DroppedBits) - 1));
        Vector512<float> subnormal = Vector512.Round(values * 512f) * (1 / 512f);
        return Vector512.ConditionalSelect(Vector512.LessThan(values, Vector512.Create(1 / 64f)), subnormal, kept.AsSingle());
    }
}
