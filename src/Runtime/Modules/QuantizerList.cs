using System.Collections;
using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>The quantizers of a module by their names in its state dict, in the order in which they are registered.</summary>
/// <remarks>
/// The list is read from the module when it is first needed. A generated class derives one of its own from it, with a
/// member for each layer.
/// </remarks>
/// <param name="module">The module; <see langword="null"/>, as an optional layer that is not there, has no quantizers.</param>
public class QuantizerList(nn.Module? module) : IReadOnlyList<(string Name, TensorQuantizer Quantizer)>
{
    private readonly Lazy<IReadOnlyList<(string Name, TensorQuantizer Quantizer)>> _items = new(() => module is null
        ? []
        : [.. module.named_modules().Where(entry => entry.module is TensorQuantizer).Select(entry => (entry.name, (TensorQuantizer)entry.module))]);

    /// <summary>How many there are.</summary>
    public int Count => _items.Value.Count;

    /// <summary>A quantizer with its name.</summary>
    /// <param name="index">Its place in the order of registration, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public (string Name, TensorQuantizer Quantizer) this[int index]
        => index >= 0 && index < Count
            ? _items.Value[index]
            : throw new ArgumentOutOfRangeException(nameof(index), index, $"There are {Count} quantizers.");

    /// <summary>A quantizer by its name.</summary>
    /// <param name="name">As in the state dict, such as <c>layer1.0.conv1._input_quantizer</c>.</param>
    /// <exception cref="KeyNotFoundException">None has this name; the message lists those that there are.</exception>
    public TensorQuantizer this[string name]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(name);
            foreach ((string Name, TensorQuantizer Quantizer) entry in _items.Value)
            {
                if (entry.Name == name)
                {
                    return entry.Quantizer;
                }
            }

            string names = Count == 0 ? "there are none" : "there are " + string.Join(", ", _items.Value.Select(entry => $"'{entry.Name}'"));
            throw new KeyNotFoundException($"There is no quantizer '{name}': {names}.");
        }
    }

    /// <inheritdoc/>
    public IEnumerator<(string Name, TensorQuantizer Quantizer)> GetEnumerator() => _items.Value.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
