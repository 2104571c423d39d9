using System.Reflection;
using QuantGen.Modules;
using static TorchSharp.torch;

namespace QuantGen.Tests.Modules;

public sealed class FactoryTests
{
    /// <summary>Every sealed module, by the name of TorchSharp's factory.</summary>
    public static TheoryData<string> Factories => [.. QuantizedModules().Select(type => type.Name["Quant".Length..])];

    [Fact]
    public void Every_module_of_the_reference_is_there() => Assert.Equal(
        [
            "QuantAdaptiveAvgPool1d", "QuantAdaptiveAvgPool2d", "QuantAdaptiveAvgPool3d", "QuantAvgPool1d", "QuantAvgPool2d", "QuantAvgPool3d",
            "QuantConv1d", "QuantConv2d", "QuantConv3d", "QuantConvTranspose1d", "QuantConvTranspose2d", "QuantConvTranspose3d",
            "QuantInstanceNorm1d", "QuantInstanceNorm2d", "QuantInstanceNorm3d", "QuantLSTM", "QuantLSTMCell", "QuantLinear",
            "QuantMaxPool1d", "QuantMaxPool2d", "QuantMaxPool3d",
        ],
        QuantizedModules().Where(type => !IsActivation(type)).Select(type => type.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Activations_have_their_modules_too() => Assert.Equal(
        ["QuantELU", "QuantGELU", "QuantHardsigmoid", "QuantHardswish", "QuantLeakyReLU", "QuantMish", "QuantSiLU", "QuantSigmoid", "QuantTanh"],
        QuantizedModules().Where(IsActivation).Select(type => type.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Factories))]
    public void A_module_has_a_constructor_for_every_overload_of_its_factory(string name)
    {
        Type type = QuantizedModules().Single(type => type.Name == "Quant" + name);
        string descriptors = type.GetProperty("DefaultWeight") is null ? "QuantDescriptor input = null" : "QuantDescriptor input = null, QuantDescriptor weight = null";
        string[] factories = [.. typeof(nn).GetMethods().Where(method => method.Name == name).Select(method => $"{Signature(method)}, {descriptors}").Order()];

        // Two parameters cannot have one name: where the weight itself is an argument, its descriptor has another.
        string[] constructors = [.. type.GetConstructors().Select(Signature).Select(text => text.Replace("QuantDescriptor weightQuantization", "QuantDescriptor weight", StringComparison.Ordinal)).Order()];

        Assert.NotEmpty(factories);
        if (IsActivation(type))
        {
            // nn.SiLU() and nn.SiLU(bool inplace) are one constructor.
            Assert.All(
                typeof(nn).GetMethods().Where(method => method.Name == name),
                factory => Assert.Contains(type.GetConstructors(), constructor => Takes(constructor.GetParameters(), factory.GetParameters())));
        }
        else
        {
            Assert.Equal(factories, constructors);
        }
    }

    private static bool Takes(ParameterInfo[] constructor, ParameterInfo[] factory)
        => constructor.Length > factory.Length
            && factory.Zip(constructor).All(pair => pair.First.Name == pair.Second.Name && pair.First.ParameterType == pair.Second.ParameterType)
            && constructor.Skip(factory.Length).All(parameter => parameter.IsOptional);

    private static bool IsActivation(Type type) => type.IsSubclassOf(typeof(QuantActivation));

    private static IEnumerable<Type> QuantizedModules() => typeof(TensorQuantizer).Assembly.GetExportedTypes()
        .Where(type => type is { Namespace: "QuantGen.Modules", IsSealed: true, IsAbstract: false } && typeof(nn.Module).IsAssignableFrom(type));

    private static string Signature(MethodBase method) => string.Join(", ", method.GetParameters().Select(
        parameter => $"{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "null"}" : "")}"));

    private static string Name(Type type)
        => type.IsGenericType ? $"{type.Name}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : type.Name;
}
