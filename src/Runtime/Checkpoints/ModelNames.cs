using QuantGen.Quantizers.State;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Checkpoints;

/// <summary>The names under which a model takes tensors, and those that a file may have for them.</summary>
internal sealed class ModelNames
{
    private const string BackingFieldEnd = ">k__BackingField";

    private readonly Dictionary<string, string?> _byAlias = [];

    public ModelNames(Module model)
    {
        State = model.state_dict();
        Quantizers = QuantizersByName.Of(model);
        Ranges = Quantizers.Keys
            .SelectMany(name => TensorQuantizer.LateState.Concat(TensorQuantizer.BoundsState).Select(key => QuantizersByName.Key(name, key))).ToHashSet();
        All = State.Keys
            .Union(Quantizers.Keys.SelectMany(name => TensorQuantizer.LateState.Select(key => QuantizersByName.Key(name, key)))).ToHashSet();
        Dictionary<string, string> positions = Positions(model);
        foreach (string name in All)
        {
            AddAlias(Alias(name), name);
            string parent = name;
            while (parent.Length > 0 && !positions.ContainsKey(parent))
            {
                parent = parent[..Math.Max(parent.LastIndexOf('.'), 0)];
            }

            AddAlias(Alias(positions.GetValueOrDefault(parent, parent) + name[parent.Length..]), name);
        }
    }

    /// <summary>Parameters and buffers that are there.</summary>
    public Dictionary<string, Tensor> State { get; }

    /// <summary>The quantizers by name.</summary>
    public Dictionary<string, TensorQuantizer> Quantizers { get; }

    /// <summary>Names of what quantizers keep, there or not.</summary>
    public IReadOnlySet<string> Ranges { get; }

    /// <summary>All names that can be loaded: ranges come into being where only the file has them.</summary>
    public IReadOnlySet<string> All { get; }

    /// <summary>The name in the model that a name of a file means by the habits of the two libraries; null where none does, or more than one.</summary>
    public string? ByHabit(string name) => _byAlias.GetValueOrDefault(Alias(name));

    /// <summary>Whether a name is that of a quantizer's state, in whatever model.</summary>
    public static bool IsOfQuantizer(string name)
        => TensorQuantizer.LateState.Concat(TensorQuantizer.BoundsState)
            .Any(key => name.EndsWith($"quantizer.{key}", StringComparison.Ordinal));

    // Upper and lower case, underscores and the fields behind properties are where C# and Python differ.
    private static string Alias(string name)
        => string.Join('.', name.Split('.').Select(part =>
            (part.StartsWith('<') && part.EndsWith(BackingFieldEnd, StringComparison.Ordinal) ? part[1..^BackingFieldEnd.Length] : part)
                .Replace("_", "", StringComparison.Ordinal).ToLowerInvariant()));

    // Modules by their paths, with the numbers that children of a Sequential have in PyTorch when they have no names there.
    private static Dictionary<string, string> Positions(Module model)
    {
        Dictionary<string, string> positions = [];
        Walk(model, "", "");
        return positions;

        void Walk(Module module, string path, string numbered)
        {
            bool isList = module is TorchSharp.Modules.Sequential || module.GetType().Name.StartsWith("ModuleList", StringComparison.Ordinal);
            int position = 0;
            foreach ((string name, Module child) in module.named_children())
            {
                (string own, string number) = (path + name, $"{numbered}{(isList ? $"{position++}" : name)}");
                if (positions.TryAdd(own, number))
                {
                    Walk(child, own + ".", number + ".");
                }
            }
        }
    }

    private void AddAlias(string alias, string name)
    {
        if (!_byAlias.TryAdd(alias, name) && _byAlias[alias] != name)
        {
            _byAlias[alias] = null;
        }
    }
}
