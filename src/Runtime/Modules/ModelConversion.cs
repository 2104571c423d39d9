using System.Collections;
using System.Reflection;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>Goes down into a model of whatever class and exchanges its layers for quantized ones where they are held.</summary>
/// <remarks>
/// A layer that stands in several places is exchanged in all of them for one counterpart. Where a field's type forbids it, or nothing that can be seen holds
/// the layer, it stays and the report says so: a layer that is exchanged in the state dict alone would go on to compute in float.
/// </remarks>
/// <param name="counterpart">Makes the quantized form of a layer that has one; <see langword="null"/> to tell only what is not quantized.</param>
internal sealed class ModelConversion(Func<nn.Module, nn.Module>? counterpart)
{
    private static readonly FieldInfo? s_children = typeof(nn.Module).GetField("_internal_submodules", BindingFlags.Instance | BindingFlags.NonPublic);

    private readonly HashSet<nn.Module> _visited = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<nn.Module, nn.Module> _counterparts = new(ReferenceEqualityComparer.Instance);
    private readonly List<ConvertedLayer> _quantized = [];
    private readonly List<FloatLayer> _float = [];

    /// <summary>Converts all inside a model, which stays the object that it is.</summary>
    public ConversionReport Convert(nn.Module model)
    {
        if (IsQuantized(model))
        {
            return new([], []);
        }

        if (IsLayer(model))
        {
            NoteFloat(
                model.GetType().Name, model,
                CounterpartOf(model) is { } type
                    ? $"it is no model but a layer, which becomes another object, a '{type.Name}'"
                    : $"'{model.GetType().Name}' has no quantized counterpart");
        }
        else
        {
            Visit(model, "");
        }

        return new(_quantized, _float);
    }

    private void Visit(nn.Module parent, string path)
    {
        if (!_visited.Add(parent))
        {
            return;
        }

        List<ModuleHolder> holders = [.. ModuleHolder.Of(parent)];
        (string Name, nn.Module Module)[] children = [.. parent.named_children()];
        foreach ((string name, nn.Module child) in children)
        {
            string place = path.Length == 0 ? name : $"{path}.{name}";
            if (IsQuantized(child))
            {
                continue;
            }

            if (!_counterparts.TryGetValue(child, out nn.Module? quantized) && !IsLayer(child))
            {
                Visit(child, place);
                continue;
            }

            Exchange(parent, child, quantized, place, [.. holders.Where(holder => ReferenceEquals(holder.Module, child))]);
        }

        HashSet<nn.Module> known = new(children.Select(entry => entry.Module), ReferenceEqualityComparer.Instance);
        foreach (ModuleHolder holder in holders.Where(holder => !IsQuantized(holder.Module) && known.Add(holder.Module)))
        {
            string name = holder.Description.Split('\'')[1];
            NoteFloat(
                path.Length == 0 ? name : $"{path}.{name}",
                holder.Module,
                $"'{parent.GetType().Name}' does not know it as its module, so that nothing would calibrate or save its quantizers; register it");
        }

        // A layer of TorchSharp is told of as a whole.
        if (!IsLayer(parent) && parent.named_parameters(recurse: false).Any(entry => entry.parameter.dim() > 1))
        {
            string names = string.Join(", ", parent.named_parameters(recurse: false).Where(entry => entry.parameter.dim() > 1).Select(entry => entry.name));
            _float.Add(new(path.Length == 0 ? parent.GetType().Name : path, parent.GetType().Name, $"its own code computes with its parameters ({names})"));
        }
    }

    private void Exchange(nn.Module parent, nn.Module child, nn.Module? quantized, string place, IReadOnlyList<ModuleHolder> holders)
    {
        if (ReasonAgainst(parent, child, holders) is { } reason)
        {
            NoteFloat(place, child, reason);
            return;
        }

        quantized ??= counterpart!(child);
        _counterparts[child] = quantized;
        foreach (ModuleHolder holder in holders)
        {
            holder.Set(quantized);
        }

        if (s_children?.GetValue(parent) is IEnumerable registered)
        {
            IEnumerable<(string Name, nn.Module Module)> entries = registered.Cast<(string Name, nn.Module Module)>();
            Register(parent, [.. entries.Where(entry => ReferenceEquals(entry.Module, child)).Select(entry => entry.Name)], quantized);
        }

        _quantized.Add(new(place, quantized.GetType().Name));
    }

    /// <summary>Why a layer stays as it is, or <see langword="null"/>.</summary>
    private string? ReasonAgainst(nn.Module parent, nn.Module child, IReadOnlyList<ModuleHolder> holders)
    {
        if (child is LSTM)
        {
            return "an LSTM does not tell its dropout and whether the batch comes first; QuantModules.Convert(lstm, batchFirst, dropout) takes them";
        }

        if (CounterpartOf(child) is not { } type)
        {
            return $"'{child.GetType().Name}' has no quantized counterpart";
        }

        if (holders.FirstOrDefault(holder => !holder.Declared.IsAssignableFrom(type)) is { } narrow)
        {
            return $"{narrow.Description} is a '{narrow.Declared.Name}', which '{type.Name}' is not; declare it as Module<Tensor, Tensor>";
        }

        return HasHooks(child) ? "hooks are registered on it, which its counterpart would not have"
            : holders.Count == 0 ? $"it is registered in '{parent.GetType().Name}', but held by no field or collection of it"
            : counterpart is null ? "it was not converted; QuantModules.Convert exchanges it"
            : null;
    }

    /// <summary>The quantized type of a layer. Max pools and activations are quantized only where a model is annotated for it.</summary>
    private static Type? CounterpartOf(nn.Module layer)
        => layer.GetType().Name is var name && !name.StartsWith("MaxPool", StringComparison.Ordinal)
            && typeof(QuantModules).Assembly.GetType($"{typeof(QuantModules).Namespace}.Quant{name}") is { } type && !type.IsSubclassOf(typeof(QuantActivation))
                ? type
                : null;

    /// <summary>Puts the counterpart where the layer is registered, at the same place in the order.</summary>
    private static void Register(nn.Module parent, string[] names, nn.Module quantized)
    {
        PropertyInfo? indexer = s_children!.FieldType.GetProperties()
            .FirstOrDefault(property => property.GetIndexParameters() is [{ ParameterType: var key }] && key == typeof(string));
        foreach (string name in names)
        {
            indexer!.SetValue(s_children.GetValue(parent), quantized, [name]);
        }
    }

    private void NoteFloat(string place, nn.Module layer, string reason)
    {
        // A norm or an activation is no loss, and a pool that has no counterpart computes the same in integers.
        if (!layer.GetType().Name.Contains("Norm", StringComparison.Ordinal) && layer.named_parameters().Any(entry => entry.parameter.dim() > 1))
        {
            _float.Add(new(place, layer.GetType().Name, reason));
        }
    }

    /// <summary>Whether a module is a layer of TorchSharp, which is exchanged as a whole, not a container of modules.</summary>
    private static bool IsLayer(nn.Module module)
        => module.GetType() is { Namespace: "TorchSharp.Modules" } type && type.Assembly == typeof(Linear).Assembly
            && type.Name.Split('`')[0] is not ("Sequential" or "ModuleList" or "ModuleDict");

    private static bool IsQuantized(nn.Module module) => module.GetType().Assembly == typeof(QuantModules).Assembly;

    private static bool HasHooks(nn.Module module)
    {
        for (Type? type = module.GetType(); type is not null; type = type.BaseType)
        {
            if (type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                .Any(field => field.Name.EndsWith("_hooks", StringComparison.Ordinal) && field.GetValue(module) is ICollection { Count: > 0 }))
            {
                return true;
            }
        }

        return false;
    }
}
