using System.Reflection;
using System.Text.Json;
using static TorchSharp.torch;

namespace QuantGen.Tests.Golden;

/// <summary>The module of a case: found by its name, and made by the constructor that takes the arguments by their names.</summary>
internal static class GoldenModule
{
    // Where TorchSharp's names are not PyTorch's.
    private static readonly Dictionary<string, string> s_names = new()
    {
        ["in_features"] = "inputSize",
        ["out_features"] = "outputSize",
        ["input_size"] = "inputSize",
        ["hidden_size"] = "hiddenSize",
        ["num_layers"] = "numLayers",
        ["batch_first"] = "batchFirst",
    };

    /// <summary>The module with its descriptors, its state loaded and quantizers disabled as the case says.</summary>
    public static nn.Module Create(GoldenCase golden)
    {
        nn.Module module = Construct(golden);
        if (golden.Has("state_dict"))
        {
            module.load_state_dict(golden.Json.GetProperty("state_dict").EnumerateObject().ToDictionary(entry => entry.Name, entry => GoldenTensor.Read(entry.Value)));
        }

        HashSet<string> disabled = golden.Has("disabled_quantizers") ? [.. golden.Json.GetProperty("disabled_quantizers").EnumerateArray().Select(name => name.GetString()!)] : [];
        foreach ((string name, nn.Module child) in module.named_modules())
        {
            if (child is TensorQuantizer quantizer && (golden.Flag("disabled") || disabled.Contains(name)))
            {
                quantizer.IsEnabled = false;
            }
        }

        return module;
    }

    /// <summary>Why the case cannot be written in C#, or null.</summary>
    public static string? Inexpressible(GoldenCase golden)
    {
        HashSet<string> parameters = [.. ModuleType(golden).GetConstructors().SelectMany(c => c.GetParameters()).Select(p => p.Name!)];
        return Arguments(golden).Keys.Where(name => !parameters.Contains(name)).Select(name => $"{name} is no parameter there, so that the case does not compile").FirstOrDefault();
    }

    private static Type ModuleType(GoldenCase golden)
        => typeof(TensorQuantizer).Assembly.GetType("QuantGen.Modules." + golden.Text("module")) ?? throw new InvalidDataException($"unknown module {golden.Text("module")}");

    private static Dictionary<string, object> Arguments(GoldenCase golden)
    {
        Dictionary<string, object> arguments = golden.Json.GetProperty("ctor").EnumerateObject()
            .Where(entry => entry.Name != "return_indices" && entry.Value.ValueKind != JsonValueKind.Null)
            .ToDictionary(entry => s_names.GetValueOrDefault(entry.Name, entry.Name), entry => (object)entry.Value);
        if (golden.Text("module") == "QuantLinear" && arguments.Remove("bias", out object? bias))
        {
            arguments["hasBias"] = bias;
        }

        foreach ((string field, string parameter) in new[] { ("quant_desc_input", "input"), ("quant_desc_weight", "weight") })
        {
            if (golden.Has(field))
            {
                arguments[parameter] = GoldenDescriptor.Read(golden.Json.GetProperty(field));
            }
        }

        return arguments;
    }

    private static nn.Module Construct(GoldenCase golden)
    {
        Dictionary<string, object> arguments = Arguments(golden);

        // First the overload that takes what is written, then one that takes a tuple for a number.
        foreach (bool repeat in new[] { false, true })
        {
            foreach (ConstructorInfo constructor in ModuleType(golden).GetConstructors())
            {
                if (Values(constructor, arguments, repeat) is { } values)
                {
                    try
                    {
                        return (nn.Module)constructor.Invoke(values);
                    }
                    catch (TargetInvocationException e) when (e.InnerException is not null)
                    {
                        throw e.InnerException;
                    }
                }
            }
        }

        throw new InvalidDataException($"{golden.Name}: {golden.Text("module")} has no constructor for {string.Join(", ", arguments.Keys)}");
    }

    private static object?[]? Values(ConstructorInfo constructor, Dictionary<string, object> arguments, bool repeat)
    {
        ParameterInfo[] parameters = constructor.GetParameters();
        object?[] values = new object?[parameters.Length];
        for (int i = 0; i < parameters.Length; i++)
        {
            if (!arguments.TryGetValue(parameters[i].Name!, out object? argument))
            {
                if (!parameters[i].HasDefaultValue)
                {
                    return null;
                }

                values[i] = parameters[i].DefaultValue;
            }
            else if (argument is QuantDescriptor && parameters[i].ParameterType == typeof(QuantDescriptor))
            {
                values[i] = argument;
            }
            else if (argument is not JsonElement json || Value(json, Nullable.GetUnderlyingType(parameters[i].ParameterType) ?? parameters[i].ParameterType, repeat) is not { } value)
            {
                return null;
            }
            else
            {
                values[i] = value;
            }
        }

        return arguments.Keys.All(name => parameters.Any(parameter => parameter.Name == name)) ? values : null;
    }

    private static object? Value(JsonElement json, Type type, bool repeat) => json.ValueKind switch
    {
        JsonValueKind.Number when type == typeof(double) => json.GetDouble(),
        JsonValueKind.Number when type == typeof(long) => json.GetInt64(),
        JsonValueKind.Number when repeat && type.Name.StartsWith("ValueTuple", StringComparison.Ordinal)
            => Activator.CreateInstance(type, [.. Enumerable.Repeat((object)json.GetInt64(), type.GetGenericArguments().Length)]),
        JsonValueKind.True or JsonValueKind.False when type == typeof(bool) => json.GetBoolean(),
        JsonValueKind.String when type.IsEnum && Enum.TryParse(type, json.GetString(), ignoreCase: true, out object? value) => value,
        JsonValueKind.Array when type == typeof(long) && json.GetArrayLength() == 1 => json[0].GetInt64(),
        JsonValueKind.Array when type.Name.StartsWith("ValueTuple", StringComparison.Ordinal) && type.GetGenericArguments().Length == json.GetArrayLength()
            => Activator.CreateInstance(type, [.. json.EnumerateArray().Select(size => (object)size.GetInt64())]),
        _ => null,
    };
}
