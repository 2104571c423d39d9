using Microsoft.CodeAnalysis;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.Tracing;

/// <summary>How methods that override each other are called over traced tensors, in this model and in those that it derives from.</summary>
/// <remarks>
/// Most methods get an overload of the same name. One that overrides a method of code which does not change gets another name:
/// C# looks for overloads first where they are declared, and an override is declared at its base, so that
/// <c>quant.forward(x)</c> would mean a <c>forward(TracedTensor)</c> whatever <c>x</c> is.
/// A method that can be overridden is always there over traced tensors, if only to throw: a model that derives from this
/// one, and of which nothing is known here, overrides it, and does not inherit what its base computes.
/// </remarks>
internal static class TracedFamily
{
    /// <summary>The name over traced tensors: <c>TraceForward</c> for a <c>forward</c> that overrides TorchSharp's.</summary>
    public static string NameOf(IMethodSymbol method, RewriteContext context)
    {
        IMethodSymbol first = method;
        while (first.OverriddenMethod is { } overridden)
        {
            first = overridden;
        }

        bool isOfModels = KnownSymbols.Same(first, method) || context.IsInside(first.ContainingType) || SiblingModels.NameOf(first.ContainingType, context) is not null;
        return isOfModels ? method.Name : "Trace" + char.ToUpperInvariant(method.Name[0]) + method.Name.Substring(1);
    }

    /// <summary>
    /// Whether a method, or one that it overrides in another model, has a type parameter of its class in its signature, which may be a tensor in a class
    /// that derives: over traced tensors the two would not fit.
    /// </summary>
    public static bool IsOpen(IMethodSymbol method, RewriteContext context)
    {
        for (IMethodSymbol? at = method.OriginalDefinition; at is not null; at = at.OverriddenMethod?.OriginalDefinition)
        {
            bool isOfModels = context.IsInside(at.ContainingType) || SiblingModels.NameOf(at.ContainingType, context) is not null;
            if (isOfModels && at.Parameters.Select(parameter => parameter.Type).Append(at.ReturnType).Any(type => MentionsParameter(type, context)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool MentionsParameter(ITypeSymbol type, RewriteContext context) => type switch
    {
        ITypeParameterSymbol parameter => parameter.TypeParameterKind == TypeParameterKind.Type && !context.Known.IsModule(parameter),
        IArrayTypeSymbol array => MentionsParameter(array.ElementType, context),
        INamedTypeSymbol named => named.TypeArguments.Any(argument => MentionsParameter(argument, context)),
        _ => false,
    };

    /// <summary>Whether a class has a member of its own by the name that a method would have.</summary>
    public static bool IsTaken(IMethodSymbol method, RewriteContext context)
        => NameOf(method, context) is var name && name != method.Name && !method.ContainingType.GetMembers(name).IsEmpty;

    /// <summary>Whether a method overrides one that is there over traced tensors too.</summary>
    public static bool Overrides(IMethodSymbol method, RewriteContext context)
        => method.OverriddenMethod is { } overridden && Reaches(method.ContainingType.BaseType, overridden.ContainingType, context) && !IsTaken(overridden.OriginalDefinition, context);

    /// <summary>Whether a method of another model, which this one derives from or holds, is there over traced tensors.</summary>
    /// <param name="method">The method.</param>
    /// <param name="receiver">The type on which it is called.</param>
    /// <param name="context">This model.</param>
    public static bool IsOfSibling(IMethodSymbol method, ITypeSymbol? receiver, RewriteContext context)
        => (method.IsVirtual || method.IsAbstract || method.IsOverride)
            && CanBeOverridden(method)
            && !IsOpen(method, context)
            && Reaches(receiver as INamedTypeSymbol, method.ContainingType, context)
            && !IsTaken(method.OriginalDefinition, context);

    /// <summary>Whether a method keeps its place: others override it, or it overrides one.</summary>
    public static bool KeepsPlace(IMethodSymbol method, RewriteContext context)
        => Overrides(method, context) || ((method.IsVirtual || method.IsAbstract || method.IsOverride) && CanBeOverridden(method));

    public static bool CanBeOverridden(IMethodSymbol method)
        => method is { IsSealed: false, ContainingType.IsSealed: false, DeclaredAccessibility: not Accessibility.Private };

    /// <summary>Whether all classes from one up to its base are of this model or have siblings, which then derive from each other.</summary>
    private static bool Reaches(INamedTypeSymbol? type, INamedTypeSymbol upTo, RewriteContext context)
    {
        for (; type is not null && (context.IsInside(type) || SiblingModels.NameOf(type, context) is not null); type = type.BaseType)
        {
            if (KnownSymbols.Same(type.OriginalDefinition, upTo.OriginalDefinition))
            {
                return true;
            }
        }

        return false;
    }
}
