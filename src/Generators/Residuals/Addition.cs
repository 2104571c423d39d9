using Microsoft.CodeAnalysis;

namespace QuantGen.Generators.Residuals;

/// <summary>An addition of two tensors, and how deep its operands are on all paths on which it was met.</summary>
internal sealed class Addition(IOperation operation, AdditionForm form, IOperation left, IOperation right)
{
    private bool _met;

    public IOperation Operation { get; } = operation;

    public AdditionForm Form { get; } = form;

    public IOperation Left { get; } = left;

    public IOperation Right { get; } = right;

    public Depth LeftDepth { get; private set; }

    public Depth RightDepth { get; private set; }

    /// <summary>Both operands come from the method's inputs, and at least one of them through a weighted layer.</summary>
    public bool IsResidual => LeftDepth.FromInput && RightDepth.FromInput && (LeftDepth.Most > 0 || RightDepth.Most > 0);

    /// <summary>Whether the left operand is the residual one; on a tie it is the right one.</summary>
    public bool ResidualIsLeft => LeftDepth.IsNearerThan(RightDepth);

    public void Meet(Depth left, Depth right)
    {
        LeftDepth = _met ? Depth.Either(LeftDepth, left) : left;
        RightDepth = _met ? Depth.Either(RightDepth, right) : right;
        _met = true;
    }
}

/// <summary>How an addition is written.</summary>
internal enum AdditionForm
{
    /// <summary><c>a + b</c></summary>
    Operator,

    /// <summary><c>a += b</c></summary>
    Compound,

    /// <summary><c>a.add(b)</c> or <c>torch.add(a, b)</c></summary>
    Call,

    /// <summary><c>a.add_(b)</c>, which changes <c>a</c>.</summary>
    InPlace,
}
