using QuantGen.Generators.Models;
using QuantGen.Generators.Parsing;
using QuantGen.Specification;

namespace QuantGen.Generators.Editing;

/// <summary>The descriptors that one generated class uses, each made when it is first asked for.</summary>
/// <param name="profile">What the attribute says.</param>
/// <param name="className">The generated class that holds them.</param>
internal sealed class DescriptorTable(Profile profile, string className)
{
    private readonly List<DescriptorSpec> _used = [];

    public string ClassName => className;

    /// <param name="place">The profile at the place, and what changes it.</param>
    /// <param name="isNonNegative">Whether the tensor is proven not to be negative.</param>
    public string Input((Profile Profile, string Owner) place, bool isNonNegative) => Use(Activation("Input", place.Profile.Input, isNonNegative), place.Owner);

    /// <summary>Of the model itself.</summary>
    public string Input(bool isNonNegative) => Input((profile, ""), isNonNegative);

    /// <param name="place">The profile at the place, and what changes it.</param>
    /// <param name="isNonNegative">Whether the tensor is proven not to be negative.</param>
    public string Residual((Profile Profile, string Owner) place, bool isNonNegative) => Use(Activation("Residual", place.Profile.Residual, isNonNegative), place.Owner);

    /// <param name="isTransposed">Whether the output channels are on axis 1.</param>
    /// <param name="place">The profile at the place, and what changes it.</param>
    public string Weight(bool isTransposed, (Profile Profile, string Owner) place)
    {
        TensorSpecification weight = place.Profile.Weight;
        int? axis = weight.Granularity switch
        {
            Granularity.PerTensor => null,
            Granularity.Axis => weight.Axis,
            Granularity.Unsaid when weight.Float8 => null,
            _ => isTransposed ? 1 : 0,
        };
        bool transposed = isTransposed && axis == 1 && weight.Granularity != Granularity.Axis;
        return Use(new(transposed ? "WeightTransposed" : "Weight", weight, axis, DetectUnsigned: false), place.Owner);
    }

    /// <summary>A tensor of the model of which the axis of the output channels is not known; an axis that the attribute names counts.</summary>
    public string WeightPerTensor() => Use(new("WeightPerTensor", profile.Weight, profile.Weight.Granularity == Granularity.Axis ? profile.Weight.Axis : null, DetectUnsigned: false), "");

    public EquatableArray<DescriptorSpec> ToSorted() => [.. _used.OrderBy(descriptor => (uint)Array.IndexOf(s_order, descriptor.Name))];

    private static readonly string[] s_order = ["Input", "UnsignedInput", "Weight", "WeightTransposed", "WeightPerTensor", "Residual", "UnsignedResidual"];

    private DescriptorSpec Activation(string name, TensorSpecification specification, bool isNonNegative)
    {
        int? axis = specification.Granularity switch
        {
            Granularity.PerChannel => 1,
            Granularity.Axis => specification.Axis,
            _ => null,
        };
        if (!profile.Target.HasUnsignedActivations || specification.Unsigned || specification.Float8 || specification.None)
        {
            return new(name, specification, axis, DetectUnsigned: false);
        }

        if (isNonNegative)
        {
            return new("Unsigned" + name, specification with { Affine = null, Unsigned = true }, axis, DetectUnsigned: false);
        }

        // What data flow does not prove, calibration finds out; an affine range ends at zero by itself.
        bool isAffine = specification.Affine ?? (profile.Target.HasAffineActivations && axis is null && !specification.Narrow);
        return new(name, specification with { Affine = isAffine ? true : null }, axis, DetectUnsigned: !isAffine);
    }

    /// <summary>A field or a nested class that says something else has descriptors of its own: <c>Quantization.HeadInput</c>.</summary>
    private string Use(DescriptorSpec descriptor, string owner)
    {
        string kind = descriptor.Name;
        owner = owner.TrimStart('_', '@');
        descriptor = owner.Length == 0 ? descriptor : descriptor with { Name = char.ToUpperInvariant(owner[0]) + owner.Substring(1) + kind };
        for (int number = 2; _used.Any(other => other.Name == descriptor.Name && other != descriptor); number++)
        {
            descriptor = descriptor with { Name = descriptor.Name.TrimEnd("0123456789".ToCharArray()) + number };
        }

        if (!_used.Contains(descriptor))
        {
            _used.Add(descriptor);
        }

        return $"{className}.{descriptor.Name}";
    }
}
