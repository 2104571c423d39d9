using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.DataFlow;

/// <summary>
/// Modules of one operation, such as the <c>Concat</c> and <c>Shortcut</c> of a YOLO: what they do is read where they are called, since only there it is known
/// which operand has passed fewer layers.
/// </summary>
internal sealed class SmallModules(KnownSymbols known, Compilation compilation, CancellationToken cancellation)
{
    private readonly Dictionary<ISymbol, SmallModule?> _modules = new(SymbolEqualityComparer.Default);

    /// <summary>What a class of modules does, or <see langword="null"/> where it is not one addition or concatenation of what it is given.</summary>
    public SmallModule? Of(ITypeSymbol? type)
    {
        if (type is not INamedTypeSymbol { TypeKind: TypeKind.Class } named || !known.IsModule(named) || named.DeclaringSyntaxReferences.IsEmpty)
        {
            return null;
        }

        INamedTypeSymbol definition = named.OriginalDefinition;
        if (!_modules.TryGetValue(definition, out SmallModule? module))
        {
            _modules.Add(definition, module = Read(definition));
        }

        return module;
    }

    private SmallModule? Read(INamedTypeSymbol type)
    {
        MethodDeclarationSyntax? forward = type.GetMembers("forward").OfType<IMethodSymbol>().Where(method => method.IsOverride)
            .Select(method => method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation)).OfType<MethodDeclarationSyntax>().FirstOrDefault();
        if (forward is null
            || OneOperation.BodyOf(forward) is not { } body
            || compilation.GetSemanticModel(body.SyntaxTree).GetOperation(body, cancellation) is not { } operation)
        {
            return null;
        }

        (bool isAddition, IEnumerable<IOperation> operands) = operation switch
        {
            IBinaryOperation { OperatorMethod: { } method } sum when method.Parameters.All(parameter => known.IsTensor(parameter.Type))
                => (true, new[] { sum.LeftOperand, sum.RightOperand }),
            IInvocationOperation { TargetMethod.Name: "add" } call when known.IsTorch(call.TargetMethod.ContainingType) || known.IsTensor(call.Instance?.Type)
                => (true, TensorOperands.Two(call, known.IsTensor(call.Instance?.Type) ? call.Instance : null, known) is var (first, second) ? new[] { first, second } : []),
            IInvocationOperation call when TorchOperations.Of(call.TargetMethod.Name).Concatenates && known.IsTorch(call.TargetMethod.ContainingType)
                => (false, TensorOperands.Parts(call)),
            _ => (false, Array.Empty<IOperation>()),
        };
        List<SmallOperand?> found = [.. operands.Select(Operand)];
        bool isKnown = found.Count > 0 && found.All(operand => operand is not null) && (!isAddition || found.Count == 2);
        return isKnown ? new(isAddition, [.. found.OfType<SmallOperand>()]) : null;
    }

    /// <summary>Which part of which parameter an operand is.</summary>
    private static SmallOperand? Operand(IOperation operand) => operand switch
    {
        IConversionOperation { OperatorMethod: null } conversion => Operand(conversion.Operand),
        IParameterReferenceOperation parameter => new(parameter.Parameter.Ordinal, null),
        IArrayElementReferenceOperation { ArrayReference: IParameterReferenceOperation array, Indices: [{ ConstantValue: { HasValue: true, Value: int index } }] }
            => new(array.Parameter.Ordinal, index),

        // Of a tensor, an index gives a part of it.
        IPropertyReferenceOperation
        {
            Instance: IParameterReferenceOperation { Type: not { Name: "Tensor" } } list, Property.IsIndexer: true, Arguments: [{ Value.ConstantValue: { HasValue: true, Value: int index } }],
        } => new(list.Parameter.Ordinal, index),
        IFieldReferenceOperation { Instance: IParameterReferenceOperation tuple, Field: { ContainingType: { IsTupleType: true } type } field }
            => new(tuple.Parameter.Ordinal, ElementOf(type, field)),
        _ => null,
    };

    /// <summary>Which element of a tuple a field is, whether by its name or as <c>Item2</c>.</summary>
    private static int ElementOf(INamedTypeSymbol tuple, IFieldSymbol field)
        => tuple.TupleElements.IndexOf(tuple.TupleElements.First(element
            => element.Name == field.Name || KnownSymbols.Same(element.CorrespondingTupleField, field.CorrespondingTupleField)));
}

/// <summary>A module that is one addition or one concatenation.</summary>
/// <param name="IsAddition">Whether it adds two tensors; otherwise it concatenates.</param>
/// <param name="Operands">What it works on.</param>
internal sealed record SmallModule(bool IsAddition, IReadOnlyList<SmallOperand> Operands);

/// <summary>An operand of a small module: a parameter, or an element of a list or a tuple that is one.</summary>
/// <param name="Parameter">Which parameter, from 0.</param>
/// <param name="Element">Which element; <see langword="null"/> for all of it.</param>
internal sealed record SmallOperand(int Parameter, int? Element)
{
    /// <summary>The operations at a call; <see langword="null"/> where they come in a list that is filled elsewhere.</summary>
    public IReadOnlyList<IOperation>? At(IInvocationOperation call)
    {
        IOperation? argument = call.Arguments.FirstOrDefault(given => given.Parameter?.Ordinal == Parameter)?.Value;
        while (argument is IConversionOperation { OperatorMethod: null } conversion)
        {
            argument = conversion.Operand;
        }

        IReadOnlyList<IOperation>? elements = argument switch
        {
            ITupleOperation tuple => tuple.Elements,
            null => null,
            _ => TensorOperands.Elements(argument),
        };
        return Element is not { } index ? (elements ?? (argument is null ? null : [argument])) : index < elements?.Count ? [elements[index]] : null;
    }
}
