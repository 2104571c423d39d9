using Microsoft.CodeAnalysis;
using QuantGen.Generators.Mappings;
using QuantGen.Specification;

namespace QuantGen.Generators.Parsing;

/// <summary>What one <c>[Quantize]</c> says.</summary>
/// <param name="Name">The name of the generated class.</param>
/// <param name="Input">How the inputs of modules are quantized.</param>
/// <param name="Weight">How weights are quantized.</param>
/// <param name="Residual">How the operands of residual additions are quantized.</param>
/// <param name="Functional">Whether functional operations such as <c>matmul</c> are quantized.</param>
/// <param name="Target">Where quantizers go.</param>
internal sealed record Profile(string Name, TensorSpecification Input, TensorSpecification Weight, TensorSpecification Residual, bool Functional, TargetRules Target)
{
    public static Profile Read(AttributeData attribute, string modelName)
    {
        // A profile of the assembly gives what the name ends with.
        string? name = attribute is { AttributeClass.Name: "QuantizeProfileAttribute", ConstructorArguments: [{ Value: string suffix }] } ? DefaultName(modelName) + suffix : null;
        bool functional = false;
        TargetRules target = TargetRules.TensorRT;
        TensorSpecification input = TensorSpecification.Default;
        TensorSpecification weight = TensorSpecification.Default;
        TensorSpecification? residual = null;
        foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
        {
            switch (argument.Key)
            {
                case "Name": name = argument.Value.Value as string; break;
                case "Input": input = Specification(argument.Value); break;
                case "Weight": weight = Specification(argument.Value, isWeight: true); break;
                case "Residual" when argument.Value.Value is string { Length: > 0 }: residual = Specification(argument.Value); break;
                case "Functional": functional = argument.Value.Value is true; break;
                case "Target": target = TargetRules.Of(argument.Value); break;
            }
        }

        return new(name ?? DefaultName(modelName), input, weight, residual ?? input, functional, target);
    }

    /// <summary>This profile with what a <c>[Quantize]</c> of a field says instead; one with a <c>Name</c> is for that profile only.</summary>
    public Profile With(IEnumerable<AttributeData> attributes)
    {
        Profile profile = this;
        foreach (AttributeData attribute in attributes)
        {
            Dictionary<string, TypedConstant> said = attribute.NamedArguments.ToDictionary(argument => argument.Key, argument => argument.Value);
            if (!said.TryGetValue("Name", out TypedConstant name) || Name.Equals(name.Value))
            {
                profile = profile with
                {
                    Input = said.TryGetValue("Input", out TypedConstant input) ? Specification(input) : profile.Input,
                    Weight = said.TryGetValue("Weight", out TypedConstant weight) ? Specification(weight) : profile.Weight,
                };
            }
        }

        return profile;
    }

    /// <summary>
    /// This profile with what the <c>[Quantize]</c> of a class nested in the model says instead: of several, the one that goes with this profile.
    /// </summary>
    public Profile WithNested(IReadOnlyList<AttributeData> attributes, string nestedName, string modelName)
    {
        string matching = Matching(Name, modelName, attributes, nestedName);
        AttributeData attribute = attributes.First(candidate => Read(candidate, nestedName).Name == matching);
        Profile said = Read(attribute, nestedName);
        HashSet<string> names = [.. attribute.NamedArguments.Select(argument => argument.Key)];
        return this with
        {
            Input = names.Contains("Input") ? said.Input : Input,
            Weight = names.Contains("Weight") ? said.Weight : Weight,
            Residual = names.Contains("Residual") || names.Contains("Input") ? said.Residual : Residual,
        };
    }

    public static string DefaultName(string modelName) => "Quant" + modelName;

    /// <summary>
    /// The name of the profile of another model that goes with this profile of ours: the one with the same suffix after
    /// <c>Quant</c> and the class name, or else the other's first.
    /// </summary>
    public static string Matching(string ourName, string ourModel, IEnumerable<AttributeData> others, string otherModel)
    {
        List<string> names = [.. others.Select(attribute => Read(attribute, otherModel).Name)];
        string wanted = Wanted(ourName, ourModel, otherModel);
        return names.Contains(wanted) ? wanted : names[0];
    }

    /// <summary>The name that the profile of another model would have which goes with this profile of ours.</summary>
    public static string Wanted(string ourName, string ourModel, string otherModel)
    {
        string ourDefault = DefaultName(ourModel);
        return ourName.StartsWith(ourDefault, StringComparison.Ordinal) ? DefaultName(otherModel) + ourName.Substring(ourDefault.Length) : DefaultName(otherModel);
    }

    // What is wrong with a string, an analyzer says; here a wrong string counts as one that says nothing.
    private static TensorSpecification Specification(TypedConstant value, bool isWeight = false)
    {
        (TensorSpecification specification, var errors) = SpecificationParser.Parse(value.Value as string ?? "", isPerChannelByDefault: isWeight);
        return errors.IsEmpty ? specification : TensorSpecification.Default;
    }
}
