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

        Dictionary<ISymbol, Facts> values = new(a._values, SymbolEqualityComparer.Default);
        foreach (KeyValuePair<ISymbol, Facts> entry in b._values)
        {
            values[entry.Key] = values.TryGetValue(entry.Key, out Facts other) ? Facts.Either(other, entry.Value) : entry.Value;
        }

        (_values, Ended) = (values, false);
    }
}
