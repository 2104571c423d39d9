using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace QuantGen.Generators.Tracing;

/// <summary>Looks operations up on the runtime's traced types, which are the only table of what can be recorded.</summary>
internal static class TracedLookup
{
    /// <summary>Whether one of the methods takes the arguments of a call as they are written, and gives the same result.</summary>
    /// <param name="candidates">Methods of the right name.</param>
    /// <param name="call">The call in the user's text.</param>
    /// <param name="receiver">The type of what an extension method is called on; <see langword="null"/> otherwise.</param>
    /// <param name="types">What becomes of the types.</param>
    public static bool Has(IEnumerable<IMethodSymbol> candidates, IInvocationOperation call, ITypeSymbol? receiver, TracedTypes types)
    {
        // An extension method that the user's text calls on its receiver has it as first argument.
        bool isReduced = call.TargetMethod.IsExtensionMethod && call.Syntax is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax } syntax
            && call.Arguments.Any(argument => !syntax.ArgumentList.Span.Contains(argument.Syntax.Span));
        List<IArgumentOperation> given = [.. call.Arguments.Where(argument => argument.ArgumentKind != ArgumentKind.DefaultValue).Skip(isReduced ? 1 : 0)];
        receiver = isReduced ? call.Arguments[0].Value.Type : receiver;
        return candidates.Any(candidate => candidate.DeclaredAccessibility == Accessibility.Public
            && candidate.TypeParameters.IsEmpty
            && Takes(candidate, given, receiver, types)
            && (call.TargetMethod.ReturnsVoid ? candidate.ReturnsVoid || call.Parent is IExpressionStatementOperation : Gives(candidate, call.TargetMethod.ReturnType, types)));
    }

    /// <summary>Whether a property, or an indexer, exists that takes the same arguments.</summary>
    public static bool Has(IPropertyReferenceOperation reference, TracedTypes types)
        => Members(types.Symbols.Tensor, reference.Property.Name).OfType<IPropertySymbol>().Any(property =>
            property.Parameters.Length == reference.Property.Parameters.Length
            && property.Parameters.Zip(reference.Property.Parameters, (a, b) => types.Fits(b.Type, a.Type)).All(fits => fits)
            && types.Fits(property.Type, types.Map(reference.Property.Type)));

    /// <summary>Whether an operator exists between operands of these types.</summary>
    public static bool HasOperator(IMethodSymbol method, TracedTypes types)
        => types.Symbols.Tensor.GetMembers(method.Name).OfType<IMethodSymbol>().Any(candidate =>
            candidate.Parameters.Length == method.Parameters.Length
            && candidate.Parameters.Zip(method.Parameters, (a, b) => types.Fits(b.Type, a.Type)).All(fits => fits)
            && types.Fits(candidate.ReturnType, types.Map(method.ReturnType)));

    /// <summary>The members of a type and its bases by name.</summary>
    public static IEnumerable<ISymbol> Members(INamedTypeSymbol? type, string name)
    {
        for (; type is not null; type = type.BaseType)
        {
            foreach (ISymbol member in type.GetMembers(name))
            {
                yield return member;
            }
        }
    }

    private static bool Gives(IMethodSymbol candidate, ITypeSymbol result, TracedTypes types) => types.Fits(candidate.ReturnType, types.Map(result));

    private static bool Takes(IMethodSymbol candidate, List<IArgumentOperation> given, ITypeSymbol? receiver, TracedTypes types)
    {
        int first = receiver is null ? 0 : 1;
        if (receiver is not null && (!candidate.IsExtensionMethod || !types.Fits(receiver, candidate.Parameters[0].Type)))
        {
            return false;
        }

        HashSet<int> taken = [];
        for (int i = 0; i < given.Count; i++)
        {
            IArgumentOperation argument = given[i];
            string? name = (argument.Syntax as ArgumentSyntax)?.NameColon?.Name.Identifier.ValueText;
            IParameterSymbol? parameter = name is null
                ? candidate.Parameters.ElementAtOrDefault(first + i)
                : candidate.Parameters.FirstOrDefault(p => p.Name == name);
            if (parameter is null || !taken.Add(parameter.Ordinal) || !Fits(argument, parameter, types))
            {
                return false;
            }
        }

        return candidate.Parameters.Skip(first).All(p => taken.Contains(p.Ordinal) || p.IsOptional || p.IsParams);
    }

    private static bool Fits(IArgumentOperation argument, IParameterSymbol parameter, TracedTypes types)
    {
        if (argument.Parameter is not { } original || original.RefKind != parameter.RefKind)
        {
            return false;
        }

        if (argument.ArgumentKind == ArgumentKind.ParamArray)
        {
            return parameter.IsParams && Element(original.Type) is { } from && Element(parameter.Type) is { } to && types.Fits(from, to);
        }

        IOperation value = argument.Value;
        while (value is IConversionOperation { IsImplicit: true } conversion)
        {
            value = conversion.Operand;
        }

        return types.Fits(original.Type, parameter.Type) || types.Fits(value.Type, parameter.Type);
    }

    private static ITypeSymbol? Element(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => array.ElementType,
        INamedTypeSymbol { TypeArguments: [var element] } => element,
        _ => null,
    };
}
