using System.Reflection;
using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>Copies layers of TorchSharp, so that a converted model shares nothing with what it was made of.</summary>
/// <remarks>
/// TorchSharp has no way to do that. Its layers keep what their constructors took, under the same names, so that such a constructor can be called
/// again; parameters and buffers are copied after that.
/// </remarks>
internal static class ModuleCopy
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>
    /// A copy of a layer of TorchSharp; <see langword="null"/> for a module of another kind, and for one that does not keep what it was made with.
    /// </summary>
    public static nn.Module? Of(nn.Module module)
    {
        Type type = module.GetType();
        if (type.Namespace != "TorchSharp.Modules")
        {
            return null;
        }

        foreach (ConstructorInfo constructor in type.GetConstructors(Instance).OrderByDescending(constructor => constructor.GetParameters().Length))
        {
            if (Arguments(constructor, module) is { } arguments && constructor.Invoke(arguments) is nn.Module copy)
            {
                CopySettings(module, copy);
                CopyState(module, copy);
                return copy;
            }
        }

        return null;
    }

    /// <summary>What a constructor was given, or <see langword="null"/> where the module does not keep it.</summary>
    private static object?[]? Arguments(ConstructorInfo constructor, nn.Module module)
    {
        ParameterInfo[] parameters = constructor.GetParameters();
        object?[] arguments = new object?[parameters.Length];
        for (int i = 0; i < parameters.Length; i++)
        {
            if (!TryFind(module, parameters[i], out arguments[i]))
            {
                return null;
            }
        }

        return arguments;
    }

    private static bool TryFind(nn.Module module, ParameterInfo parameter, out object? value)
    {
        Tensor? first = module.state_dict().Values.FirstOrDefault(tensor => tensor.is_floating_point());
        switch (parameter.Name)
        {
            case "device":
                value = first?.device;
                return true;
            case "dtype":
                value = first?.dtype;
                return true;

            // A group norm keeps it as the shape of its factors alone.
            case "num_channels":
                value = first?.shape[0] ?? 0;
                return true;
        }

        for (Type? type = module.GetType(); type is not null && type.DeclaringType != typeof(nn); type = type.BaseType)
        {
            if (type.GetProperties(Instance).FirstOrDefault(property => IsNamed(property.Name, parameter) && property.GetIndexParameters().Length == 0) is { } property)
            {
                value = property.GetValue(module);
                return Fits(ref value, parameter.ParameterType);
            }

            if (type.GetFields(Instance).FirstOrDefault(field => IsNamed(field.Name, parameter)) is { } field)
            {
                value = field.GetValue(module);
                return Fits(ref value, parameter.ParameterType);
            }
        }

        // Whether a norm has learned factors, which not all keep.
        value = parameter.ParameterType == typeof(bool) && parameter.Name!.Contains("affine", StringComparison.Ordinal)
            ? module.named_parameters(recurse: false).Any()
            : null;
        return value is not null;
    }

    private static bool IsNamed(string member, ParameterInfo parameter)
        => member.Replace("_", "", StringComparison.Ordinal).Equals(
            parameter.Name?.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);

    private static bool Fits(ref object? value, Type type)
    {
        if (type == typeof(bool) && value is Tensor or null)
        {
            // Whether there is a bias.
            value = value is not null;
            return true;
        }

        // A setting that is null, as the momentum of a norm can be, is set afterwards.
        value ??= type.IsValueType && Nullable.GetUnderlyingType(type) is null ? Activator.CreateInstance(type) : null;
        return value is null || type.IsInstanceOfType(value);
    }

    private static void CopySettings(nn.Module from, nn.Module to)
    {
        foreach (PropertyInfo property in from.GetType().GetProperties())
        {
            bool isSetting = property is { CanRead: true, SetMethod.IsPublic: true } && property.GetIndexParameters().Length == 0
                && !typeof(Tensor).IsAssignableFrom(property.PropertyType);
            if (isSetting)
            {
                property.SetValue(to, property.GetValue(from));
            }
        }
    }

    private static void CopyState(nn.Module from, nn.Module to)
    {
        using var noGrad = no_grad();
        Dictionary<string, Tensor> mine = to.state_dict();
        foreach ((string name, Tensor value) in from.state_dict())
        {
            mine[name].copy_(value);
            mine[name].requires_grad = value.requires_grad;
        }

        to.train(from.training);
    }
}
