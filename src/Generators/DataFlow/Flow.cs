using Microsoft.CodeAnalysis;

namespace QuantGen.Generators.DataFlow;

/// <summary>What is known of each local and parameter at one point of a method.</summary>
internal sealed class Flow
{
    private Dictionary<ISymbol, Facts> _values = new(SymbolEqualityComparer.Default);

    /// <summary>Whether control never gets here, as after a <c>return</c>.</summary>
    public bool Ended { get; set; }

    public Facts this[ISymbol symbol]
    {
        get => _values.TryGetValue(symbol, out Facts facts) ? facts : Facts.None;
        set => _values[symbol] = value;
    }

    public Flow Fork() => new() { _values = new(_values, SymbolEqualityComparer.Default), Ended = Ended };

    /// <summary>Continues from the ends of two branches.</summary>
    public void Join(Flow a, Flow b)
    {
        if (a.Ended || b.Ended)
        {
            Flow alive = a.Ended ? b : a;
            (_values, Ended) = (alive._values, alive.Ended);
            return;
        }

        Dictionary<ISymbol, Facts> values = new(SymbolEqualityComparer.Default);
        foreach (ISymbol symbol in a._values.Keys.Concat(b._values.Keys))
        {
            values[symbol] = Facts.Either(a[symbol], b[symbol]);
        }

        (_values, Ended) = (values, false);
    }

    /// <summary>Forgets what is proven of the sign of a variable.</summary>
    public void ForgetSign(ISymbol symbol) => this[symbol] = this[symbol] with { IsNonNegative = false };

    /// <summary>Forgets what is proven of signs, as when a tensor that several variables share may have been changed.</summary>
    public void ForgetSigns() => KeepSignsOf(new Flow());

    /// <summary>Keeps what is proven of signs only where another flow, that may get here too, proves it as well.</summary>
    /// <returns>Whether that was so everywhere.</returns>
    public bool KeepSignsOf(Flow other)
    {
        List<ISymbol> lost = [.. _values.Where(entry => entry.Value.IsNonNegative && !other[entry.Key].IsNonNegative).Select(entry => entry.Key)];
        lost.ForEach(ForgetSign);
        return lost.Count == 0;
    }

    /// <summary>Takes over what comes from an input in another flow, that leads here too, and so far from none.</summary>
    /// <returns>Whether there is nothing like that.</returns>
    public bool TakeInputsOf(Flow other)
    {
        List<KeyValuePair<ISymbol, Facts>> found = [.. other._values.Where(entry => entry.Value.FromInput && _values.TryGetValue(entry.Key, out Facts facts) && !facts.FromInput)];
        found.ForEach(entry => this[entry.Key] = entry.Value with { IsNonNegative = entry.Value.IsNonNegative && this[entry.Key].IsNonNegative });
        return found.Count == 0;
    }
}
