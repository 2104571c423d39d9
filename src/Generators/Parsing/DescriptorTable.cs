using QuantGen.Generators.Mappings;
using QuantGen.Generators.Models;
using QuantGen.Generators.Pipeline;
using QuantGen.Specification;

namespace QuantGen.Generators.Parsing;

/// <summary>The descriptors that one generated class uses, each made when it is first asked for.</summary>
/// <param name="profile">What the attribute says.</param>
/// <param name="className">The generated class that holds them.</param>
internal sealed class DescriptorTable(Profile profile, string className)
{
    private readonly List<DescriptorSpec> _used = [];

    public string ClassName => className;

    public string Input() => Use(Activation("Input", profile.Input));

    public string Residual() => Use(Activation("Residual", profile.Residual));

    public string Weight(KnownModule module)
    {
        int? axis = profile.Weight.Granularity switch
        {
            Granularity.PerTensor => null,
            Granularity.Axis => profile.Weight.Axis,
            Granularity.Unsaid when profile.Weight.Float8 => null,
            _ => module.Transposed ? 1 : 0,
        };
        bool transposed = module.Transposed && axis == 1 && profile.Weight.Granularity != Granularity.Axis;
        return Use(new(transposed ? "WeightTransposed" : "Weight", profile.Weight, axis, DetectUnsigned: false));
    }

    public EquatableArray<DescriptorSpec> ToSorted() => [.. _used.OrderBy(descriptor => Array.IndexOf(s_order, descriptor.Name))];

    private static readonly string[] s_order = ["Input", "Weight", "WeightTransposed", "Residual"];

    private DescriptorSpec Activation(string name, TensorSpecification specification)
    {
        int? axis = specification.Granularity switch
        {
            Granularity.PerChannel => 1,
            Granularity.Axis => specification.Axis,
            _ => null,
        };
        return new(name, specification, axis, profile.OnnxRuntime && !specification.Unsigned && !specification.Float8);
    }

    private string Use(DescriptorSpec descriptor)
    {
        if (!_used.Contains(descriptor))
        {
            _used.Add(descriptor);
        }

        return $"{className}.{descriptor.Name}";
    }
}
