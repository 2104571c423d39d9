using System.Reflection;
using QuantGen.Generators.Mappings;
using QuantGen.Tests.Verification;
using TorchSharp;

namespace QuantGen.Tests.Rewriting;

/// <summary>Every overload of every factory that TorchSharp has for a known module, however its arguments are written.</summary>
public sealed class FactoryOverloadTests
{
    [Fact]
    public void The_arguments_can_be_given_by_position_by_name_and_left_out()
    {
        HashSet<string> known = [.. TorchModules.Quantizable.Where(module => !module.OnRequest).Select(module => module.Name)];
        MethodInfo[] factories =
        [
            .. typeof(torch.nn).GetMethods(BindingFlags.Public | BindingFlags.Static)
                .Where(method => known.Contains(method.Name))
                .OrderBy(method => method.Name, StringComparer.Ordinal)
                .ThenBy(method => method.GetParameters().Length),
        ];
        Assert.Equal(known.Order(StringComparer.Ordinal), factories.Select(factory => factory.Name).Distinct());
        (string Name, string Call)[] calls = [.. factories.SelectMany(factory => Calls(factory.GetParameters()).Distinct().Select(arguments => (factory.Name, $"{factory.Name}({arguments})")))];
        Assert.True(calls.Length > 100, $"{calls.Length} calls");

        Generated generated = Generated.FromModel($$"""
            [Quantize(Target = QuantTarget.OnnxRuntime)] public class Net() : Module<Tensor, Tensor>("net")
            {
            {{string.Concat(calls.Select((call, i) => $"    private readonly Module layer{i} = {call.Call};\n"))}}
                public override Tensor forward(Tensor x) => x;
            }
            """);

        for (int i = 0; i < calls.Length; i++)
        {
            Assert.StartsWith($"private readonly Module layer{i} = new Quant{calls[i].Name}(", generated.LineWith($" layer{i} = "), StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string> Calls(ParameterInfo[] parameters)
    {
        ParameterInfo[] required = [.. parameters.Where(parameter => !parameter.IsOptional)];
        yield return string.Join(", ", parameters.Select(Value));
        yield return string.Join(", ", required.Select(Value));
        yield return string.Join(", ", parameters.Reverse().Select(Named));
        yield return string.Join(", ", required.Reverse().Select(Named));
        yield return string.Join(", ", required.Select(Value).Concat(parameters.Skip(required.Length).Reverse().Select(Named)));
    }

    private static string Named(ParameterInfo parameter) => $"{parameter.Name}: {Value(parameter)}";

    /// <summary>A value of the very type, so that it chooses the overload.</summary>
    private static string Value(ParameterInfo parameter)
    {
        Type type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return type switch
        {
            _ when type == typeof(long) => "2L",
            _ when type == typeof(int) => "2",
            _ when type == typeof(bool) => "true",
            _ when type == typeof(double) => "0.5",
            _ when type == typeof(float) => "0.5f",
            _ when type == typeof((long, long)) => "(2L, 2L)",
            _ when type == typeof((long, long, long)) => "(2L, 2L, 2L)",
            _ when type == typeof(long[]) => "new long[] { 2, 2 }",
            _ when type == typeof(Padding) => "Padding.Valid",
            _ when type == typeof(PaddingModes) => "PaddingModes.Zeros",
            _ when type == typeof(torch.Device) => "torch.CPU",
            _ when type == typeof(torch.ScalarType) => "torch.ScalarType.Float32",
            _ when type == typeof(TorchSharp.Modules.Parameter) => "new Parameter(randn(2, 2))",
            _ when type == typeof(TorchSharp.Modules.GELU.Approximate) => "TorchSharp.Modules.GELU.Approximate.tanh",
            _ when type == typeof(torch.Tensor) => "randn(2, 2)",
            _ => throw new NotSupportedException($"{parameter.Member.Name}: {type}"),
        };
    }
}
