using Microsoft.CodeAnalysis;

namespace QuantGen.Generators.Residuals;

/// <summary>What is known of each local and parameter at one point of a method.</summary>
internal sealed class Flow
{
    private Dictionary<ISymbol, Depth> _values = new(SymbolEqualityComparer.Default);

    /// <summary>Whether control never gets here, as after a <c>return</c>.</summary>
    public bool Ended { get; set; }

    public Depth this[ISymbol symbol]
    {
        get => _values.TryGetValue(symbol, out Depth depth) ? depth : Depth.Constant;
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

        Dictionary<ISymbol, Depth> values = new(a._values, SymbolEqualityComparer.Default);
        foreach (KeyValuePair<ISymbol, Depth> entry in b._values)
        {
            values[entry.Key] = values.TryGetValue(entry.Key, out Depth other) ? Depth.Either(other, entry.Value) : entry.Value;
        }

        (_values, Ended) = (values, false);
    }
}
