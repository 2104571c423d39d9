using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.DataFlow;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.Rewriting;

/// <summary>
/// When the left operand of <c>a.add_(b)</c> or <c>a += b</c> is quantized, the sum is in the quantized copy of <c>a</c>:
/// it is assigned to <c>a</c> where <c>a</c> is used again.
/// </summary>
internal static class ChangeInPlace
{
    /// <summary>Why the sum could not be assigned where it must be, or <see langword="null"/>.</summary>
    public static string? ReasonAgainst(BinaryOperation operation, bool leftIsQuantized, RewriteContext context)
    {
        if (!leftIsQuantized)
        {
            return null;
        }

        return operation.Form switch
        {
            BinaryForm.Compound when !IsFreeOfEffects(operation.Left.Operation) => $"the left side of '{operation.Sign}=' would have to be computed twice",
            BinaryForm.InPlace when QuantizerCall.ReasonAgainst(operation.Operation.Syntax) is { } reason => reason,
            BinaryForm.InPlace when IsOwnedByCaller(operation.Left.Operation, context) => $"'{Method(operation)}' changes a tensor of the caller; return the {Result(operation)} instead",
            BinaryForm.InPlace when SharedTensor.HoldersOf(operation.Left.Operation).FirstOrDefault(holder => IsReadAfter(operation.Operation.Syntax, holder, context)) is { } other
                => $"'{Method(operation)}' changes a tensor that '{operation.Left.Syntax}' shares with '{other.Name}'; compute the {Result(operation)} without it",
            BinaryForm.InPlace when IsStored(operation.Left.Operation) && !IsVariable(operation.Left.Operation) => $"'{Method(operation)}' changes a stored tensor; assign the {Result(operation)} to a local instead",
            _ => null,
        };
    }

    /// <summary>Why the operand of a function in place cannot be quantized, of which a copy would be changed; or <see langword="null"/>.</summary>
    public static string? ReasonAgainst(IInvocationOperation call, IOperation operand, RewriteContext context)
    {
        IOperation? parent = call.Parent;
        while (parent is IConversionOperation)
        {
            parent = parent.Parent;
        }

        bool isAssignedBack = parent is ISimpleAssignmentOperation { Target: var target } && Variable(target) is { } assigned && KnownSymbols.Same(assigned, Variable(operand));
        bool isView = operand is IInvocationOperation { TargetMethod.Name: var name } && TorchOperations.Of(name).IsView;
        bool isShared = SharedTensor.HoldersOf(operand).Any() || SharedTensor.IsHeld(operand);
        bool isSeen = isShared || isView || (!isAssignedBack && IsStored(operand)
            && (Variable(operand) is not { } variable || IsOwnedByCaller(operand, context) || IsReadAfter(call.Syntax, variable, context) || IsInLoop(call.Syntax, variable)));
        return isSeen ? $"it changes '{operand.Syntax}', which is used again; assign what it gives instead" : null;
    }

    /// <summary>Whether an operation is in a loop around which its variable lives, so that what stands before it is read after it.</summary>
    private static bool IsInLoop(SyntaxNode syntax, ISymbol variable)
        => syntax.Ancestors().Any(node => node is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax
            && !variable.DeclaringSyntaxReferences.Any(declared => node.Span.Contains(declared.Span)));

    private static string Method(BinaryOperation operation) => operation is Addition ? "add_" : "mul_";

    private static string Result(BinaryOperation operation) => operation is Addition ? "sum" : "product";

    /// <summary>Whether the variable that <c>add_</c> changes is read after it.</summary>
    public static bool IsSeenLater(BinaryOperation operation, RewriteContext context)
    {
        if (Variable(operation.Left.Operation) is not { } variable)
        {
            return false;
        }

        SyntaxNode syntax = operation.Operation.Syntax;
        SyntaxNode? function = syntax.Ancestors().FirstOrDefault(IsFunction);
        SyntaxNode? loop = syntax.Ancestors().TakeWhile(node => node != function)
            .LastOrDefault(node => node is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax);
        SyntaxNode scope = syntax.Ancestors().FirstOrDefault(node => node is MemberDeclarationSyntax) ?? syntax;
        SyntaxNode left = operation.Left.Syntax;
        return scope.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name =>
            name.Identifier.ValueText == variable.Name
            && name != left
            && (name.SpanStart > syntax.Span.End || loop?.Contains(name) == true || name.Ancestors().FirstOrDefault(IsFunction) != function)
            && SymbolEqualityComparer.Default.Equals(context.ModelOf(name).GetSymbolInfo(name, context.Cancellation).Symbol, variable));
    }

    /// <summary>Whether what holds a tensor may be read after an operation; of members others may know.</summary>
    private static bool IsReadAfter(SyntaxNode syntax, ISymbol variable, RewriteContext context)
        => variable is not (ILocalSymbol or IParameterSymbol) || syntax.Ancestors().FirstOrDefault(node => node is MemberDeclarationSyntax)?.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name =>
            name.Identifier.ValueText == variable.Name
            && name.SpanStart > syntax.Span.End
            && SymbolEqualityComparer.Default.Equals(context.ModelOf(name).GetSymbolInfo(name, context.Cancellation).Symbol, variable)) == true;

    private static bool IsFunction(SyntaxNode node)
        => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax or AccessorDeclarationSyntax;

    /// <summary>A parameter of a method without a result is passed in to be changed.</summary>
    private static bool IsOwnedByCaller(IOperation left, RewriteContext context)
        => left is IParameterReferenceOperation { Parameter: { RefKind: RefKind.None, ContainingSymbol: IMethodSymbol method } } && !MentionsTensor(method.ReturnType, context);

    private static bool MentionsTensor(ITypeSymbol type, RewriteContext context) => context.Known.IsTensor(type) || type switch
    {
        IArrayTypeSymbol array => MentionsTensor(array.ElementType, context),
        INamedTypeSymbol named => named.TypeArguments.Any(argument => MentionsTensor(argument, context)),
        _ => false,
    };

    private static bool IsStored(IOperation left) => left is ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation
        or IPropertyReferenceOperation or IArrayElementReferenceOperation;

    private static bool IsVariable(IOperation left) => Variable(left) is not null;

    private static ISymbol? Variable(IOperation left) => left switch
    {
        ILocalReferenceOperation { Local: { IsUsing: false, IsForEach: false, IsFixed: false, RefKind: RefKind.None } local } => local,
        IParameterReferenceOperation { Parameter: { RefKind: RefKind.None or RefKind.Ref } parameter } => parameter,
        _ => null,
    };

    private static bool IsFreeOfEffects(IOperation operation) => operation switch
    {
        ILocalReferenceOperation or IParameterReferenceOperation or IInstanceReferenceOperation or ILiteralOperation => true,
        IFieldReferenceOperation field => field.Instance is null || IsFreeOfEffects(field.Instance),
        IArrayElementReferenceOperation element => IsFreeOfEffects(element.ArrayReference) && element.Indices.All(IsFreeOfEffects),
        IPropertyReferenceOperation property => (property.Instance is null || IsFreeOfEffects(property.Instance)) && property.Arguments.All(a => IsFreeOfEffects(a.Value)),
        IConversionOperation conversion => IsFreeOfEffects(conversion.Operand),
        _ => false,
    };
}
