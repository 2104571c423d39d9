namespace QuantGen.Generators.Models;

/// <summary>One replacement in the text of the user's class.</summary>
/// <param name="Start">Where it starts, counted from the start of the class's text.</param>
/// <param name="Length">How many characters go.</param>
/// <param name="Order">Which of several edits at one place comes first: the lower.</param>
/// <param name="NewText">What comes instead.</param>
internal readonly record struct TextEdit(int Start, int Length, int Order, string NewText) : IComparable<TextEdit>
{
    public int CompareTo(TextEdit other) => Start != other.Start ? Start.CompareTo(other.Start) : Order.CompareTo(other.Order);
}
