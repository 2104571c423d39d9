using System.Globalization;

namespace QuantGen.Modules;

/// <summary>How an LSTM is built.</summary>
internal sealed record LstmSizes(long Input, long Hidden, long Layers, bool Bias, bool BatchFirst, double Dropout, bool Bidirectional)
{
    private int Directions => Bidirectional ? 2 : 1;

    /// <summary>The number of cells: one for each layer and direction.</summary>
    public long CellCount => Layers * Directions;

    /// <summary>Throws where there is no such LSTM.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size that is not positive, or a dropout outside 0 to 1.</exception>
    public void Check()
    {
        LstmParameters.CheckSizes(Input, Hidden);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Layers, "numLayers");
        if (Dropout is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException("dropout", Dropout, "Dropout is the probability that an element becomes zero, from 0 to 1.");
        }
    }

    /// <summary>The cells, layer by layer, in each of them forwards and then backwards.</summary>
    public IEnumerable<LstmCellPlace> Cells()
    {
        for (int index = 0; index < CellCount; index++)
        {
            int layer = index / Directions;
            yield return new(index, layer, Reverse: index % Directions == 1, layer == 0 ? Input : Hidden * Directions);
        }
    }

    /// <summary>The line that the reference prints.</summary>
    public override string ToString()
    {
        string dropout = Dropout == 0 ? "" : ", dropout=" + Dropout.ToString("0.0###############", CultureInfo.InvariantCulture);
        return $"{Input}, {Hidden}{(Layers == 1 ? "" : $", num_layers={Layers}")}{(Bias ? "" : ", bias=False")}{(BatchFirst ? ", batch_first=True" : "")}{dropout}{(Bidirectional ? ", bidirectional=True" : "")}";
    }
}

/// <summary>Where a cell is in an LSTM.</summary>
/// <param name="Index">Its number among all cells.</param>
/// <param name="Layer">Its layer.</param>
/// <param name="Reverse">Whether it runs backwards.</param>
/// <param name="InputSize">The number of features of its input.</param>
internal readonly record struct LstmCellPlace(int Index, int Layer, bool Reverse, long InputSize)
{
    /// <summary>What its parameters' names end with.</summary>
    public string Suffix => $"_l{Layer}{(Reverse ? "_reverse" : "")}";

    /// <summary>The cell of the same layer that runs backwards.</summary>
    public LstmCellPlace Backward() => this with { Index = Index + 1, Reverse = true };
}
