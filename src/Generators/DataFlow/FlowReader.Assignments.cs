using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace QuantGen.Generators.DataFlow;

/// <content>Values that go into variables.</content>
internal sealed partial class FlowReader
{
    private Facts VisitCompound(ICompoundAssignmentOperation compound)
    {
        Facts left = Visit(compound.Target);
        Facts right = Visit(compound.Value);
        if (compound.OperatorKind == BinaryOperatorKind.Add && IsOfTensors(compound.OperatorMethod))
        {
            _findings.Meet(compound, BinaryForm.Compound, compound.Target, left, compound.Value, right);
        }

        if (compound.OperatorKind == BinaryOperatorKind.Multiply && IsOfTensors(compound.OperatorMethod))
        {
            _findings.MeetProduct(compound, BinaryForm.Compound, compound.Target, left, compound.Value, right);
        }

        MeetReader(compound.Value, right, computesInFloat: compound.OperatorMethod is not null, moves: false);
        return Assign(compound.Target, Computed(compound.OperatorKind, left, right));
    }

    private Facts Assign(IOperation target, Facts value)
    {
        switch (target)
        {
            case ILocalReferenceOperation local: Set(local.Local, value); break;
            case IParameterReferenceOperation parameter: Set(parameter.Parameter, value); break;
            case IDeclarationExpressionOperation declaration: Assign(declaration.Expression, value); break;
            case ITupleOperation tuple:
                foreach (IOperation element in tuple.Elements)
                {
                    Assign(element, value);
                }

                break;
            default:
                if (!value.IsNonNegative && target is IPropertyReferenceOperation { Instance: { } changed } && _known.IsTensor(changed.Type))
                {
                    ForgetSigns();
                }

                // An element of an array, a list or a tensor: the whole holds the old values as well.
                if (Root(target) is { } root)
                {
                    Set(root, Facts.Of(_flow[root], value) with { IsNonNegative = _flow[root].IsNonNegative && value.IsNonNegative });
                }

                break;
        }

        return value;
    }

    /// <summary>Sets a variable. Of a list, which several variables may share, no sign is proven.</summary>
    private void Set(ISymbol symbol, Facts facts)
    {
        ITypeSymbol? type = (symbol as ILocalSymbol)?.Type ?? (symbol as IParameterSymbol)?.Type;
        facts = symbol is ILocalSymbol && MaskNames.IsMaskLocal(symbol.Name) ? Facts.None with { IsNonNegative = facts.IsNonNegative } : facts;
        _flow[symbol] = facts with { IsNonNegative = facts.IsNonNegative && _known.IsTensor(type) && !_unseen.AreInside(symbol) };
    }

    private Facts Deconstruct(IDeconstructionAssignmentOperation assignment)
    {
        IOperation target = assignment.Target is IDeclarationExpressionOperation declaration ? declaration.Expression : assignment.Target;
        IOperation value = assignment.Value is IConversionOperation conversion ? conversion.Operand : assignment.Value;
        if (target is ITupleOperation targets && value is ITupleOperation values && targets.Elements.Length == values.Elements.Length)
        {
            Facts[] facts = [.. values.Elements.Select(Visit)];
            for (int i = 0; i < facts.Length; i++)
            {
                Assign(targets.Elements[i], facts[i]);
            }

            return facts.Aggregate(Facts.None, Facts.Of);
        }

        return Assign(target, Visit(value));
    }

    /// <summary>The variable that an expression reads or a part of which it reads.</summary>
    public static ISymbol? Root(IOperation? operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IArrayElementReferenceOperation element => Root(element.ArrayReference),
        IPropertyReferenceOperation { Instance: { } instance } => Root(instance),
        IFieldReferenceOperation { Instance: { } instance } => Root(instance),
        IConversionOperation conversion => Root(conversion.Operand),
        _ => null,
    };
}
