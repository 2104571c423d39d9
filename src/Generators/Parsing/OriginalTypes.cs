using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.Parsing;

/// <summary>
/// Which types that are nested in an annotated model stay the model's own, so that the sibling names <c>Net.Config</c> instead of having a
/// second <c>Config</c>: a user who fills in the one could not give it to the other.
/// </summary>
/// <remarks>
/// They are enums, records, configuration classes, interfaces and delegates that others can reach and in whose signatures is nothing that
/// is different in the sibling: no module, and no type of the model that is copied. A class with methods over tensors is copied, since such
/// methods are part of what is exported, unless others hand it in: what they fill in must be what the sibling takes. Only signatures decide, so that an edit
/// of a body elsewhere decides nothing.
/// </remarks>
internal static class OriginalTypes
{
    private static readonly ConditionalWeakTable<KnownSymbols, ConcurrentDictionary<INamedTypeSymbol, HashSet<ISymbol>>> s_ofModels = new();

    /// <summary>Whether a type is nested in an annotated model, at whatever depth, and is not copied with it.</summary>
    public static bool Contain(ITypeSymbol? type, KnownSymbols known)
    {
        INamedTypeSymbol? nested = (type as INamedTypeSymbol)?.OriginalDefinition;
        return nested is { ContainingType: not null } && ModelAround(nested, known) is { } model && Of(model, known).Contains(nested);
    }

    /// <summary>The outermost annotated class that a type is nested in, of whose text it is a part.</summary>
    public static INamedTypeSymbol? ModelAround(INamedTypeSymbol nested, KnownSymbols known)
    {
        INamedTypeSymbol? model = null;
        for (INamedTypeSymbol? outer = nested.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            model = known.IsModule(outer) && known.QuantizeAttributes(outer.OriginalDefinition).Any() ? outer.OriginalDefinition : model;
        }

        return model;
    }

    private static HashSet<ISymbol> Of(INamedTypeSymbol model, KnownSymbols known)
    {
        ConcurrentDictionary<INamedTypeSymbol, HashSet<ISymbol>> models = s_ofModels.GetValue(known, static _ => new(SymbolEqualityComparer.Default));
        return models.GetOrAdd(model, found => Read(found, known));
    }

    private static HashSet<ISymbol> Read(INamedTypeSymbol model, KnownSymbols known)
    {
        List<INamedTypeSymbol> all = [.. Nested(model)];
        HashSet<ISymbol> handedIn = HandedIn(model, known);
        HashSet<ISymbol> originals = new(all.Where(type => CanStay(type, model, handedIn, known)), SymbolEqualityComparer.Default);

        // A type that mentions one which is copied is copied as well, and so on.
        List<INamedTypeSymbol> copied;
        do
        {
            copied = [.. originals.Cast<INamedTypeSymbol>().Where(type => Signatures(type).Any(Mentions))];
            originals.ExceptWith(copied);
        }
        while (copied.Count > 0);

        // What is nested in an original type stays with it.
        originals.UnionWith(all.Where(type => Outer(type).Any(originals.Contains)));
        return originals;

        IEnumerable<INamedTypeSymbol> Outer(INamedTypeSymbol type)
        {
            for (INamedTypeSymbol? at = type.ContainingType; at is not null && !KnownSymbols.Same(at, model); at = at.ContainingType)
            {
                yield return at;
            }
        }

        bool Mentions(ITypeSymbol? type) => type switch
        {
            IArrayTypeSymbol array => Mentions(array.ElementType),
            ITypeParameterSymbol parameter => known.IsModule(parameter),
            INamedTypeSymbol named => known.IsModule(named) || IsCopied(named.OriginalDefinition) || named.TypeArguments.Any(Mentions),
            _ => false,
        };

        // A nested class in the signatures of a type may be one of its own.
        bool IsCopied(INamedTypeSymbol type)
            => all.Contains(type, SymbolEqualityComparer.Default) && !originals.Contains(type) && !Outer(type).Any(originals.Contains);
    }

    private static IEnumerable<INamedTypeSymbol> Nested(INamedTypeSymbol type) => type.GetTypeMembers().SelectMany(nested => Nested(nested).Prepend(nested));

    /// <summary>The types that others give to the model or to a module in it, by a constructor, a method or a property.</summary>
    private static HashSet<ISymbol> HandedIn(INamedTypeSymbol model, KnownSymbols known)
    {
        IEnumerable<ISymbol> members = Nested(model).Prepend(model).Where(known.IsModule).SelectMany(type => type.GetMembers()).Where(member => member.DeclaredAccessibility != Accessibility.Private);
        IEnumerable<ITypeSymbol> given = members.SelectMany(member => member switch
        {
            IMethodSymbol method => method.Parameters.Select(parameter => parameter.Type),
            IFieldSymbol { IsReadOnly: false, IsConst: false } field => [field.Type],
            _ => Enumerable.Empty<ITypeSymbol>(),
        });
        return new(given.SelectMany(Parts), SymbolEqualityComparer.Default);

        static IEnumerable<INamedTypeSymbol> Parts(ITypeSymbol type) => type switch
        {
            IArrayTypeSymbol array => Parts(array.ElementType),
            INamedTypeSymbol named => named.TypeArguments.SelectMany(Parts).Append(named.OriginalDefinition),
            _ => [],
        };
    }

    private static bool CanStay(INamedTypeSymbol type, INamedTypeSymbol model, HashSet<ISymbol> handedIn, KnownSymbols known)
    {
        for (INamedTypeSymbol at = type; !KnownSymbols.Same(at, model); at = at.ContainingType)
        {
            if (at.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal))
            {
                return false;
            }
        }

        bool isBalanced = type.DeclaringSyntaxReferences.All(reference => BalancedDirectives.Hold(reference.GetSyntax()));
        return isBalanced && !known.IsModule(type) && (type.TypeKind is TypeKind.Enum or TypeKind.Interface or TypeKind.Delegate || handedIn.Contains(type) || !HasTensorMethods(type, known));
    }

    private static bool HasTensorMethods(INamedTypeSymbol type, KnownSymbols known)
        => type.GetMembers().OfType<IMethodSymbol>().Any(method => method is { IsImplicitlyDeclared: false, MethodKind: MethodKind.Ordinary or MethodKind.UserDefinedOperator }
                && method.Parameters.Any(parameter => MentionsTensor(parameter.Type, known)))
            || type.GetTypeMembers().Any(nested => HasTensorMethods(nested, known));

    private static bool MentionsTensor(ITypeSymbol type, KnownSymbols known) => known.IsTensor(type) || type switch
    {
        IArrayTypeSymbol array => MentionsTensor(array.ElementType, known),
        INamedTypeSymbol named => named.TypeArguments.Any(argument => MentionsTensor(argument, known)),
        _ => false,
    };

    /// <summary>All types in the signatures of a type and of what is nested in it.</summary>
    private static IEnumerable<ITypeSymbol?> Signatures(INamedTypeSymbol type)
        => type.AllInterfaces.Append(type.BaseType)
            .Concat(type.TypeParameters.SelectMany(parameter => parameter.ConstraintTypes))
            .Concat(type.GetMembers().SelectMany(member => member is INamedTypeSymbol nested ? Signatures(nested) : Signature(member)));

    private static IEnumerable<ITypeSymbol?> Signature(ISymbol member) => member switch
    {
        IFieldSymbol field => [field.Type],
        IPropertySymbol property => [property.Type, .. property.Parameters.Select(parameter => parameter.Type)],
        IEventSymbol declared => [declared.Type],
        IMethodSymbol method =>
        [
            method.ReturnType,
            .. method.Parameters.Select(parameter => parameter.Type),
            .. method.TypeParameters.SelectMany(parameter => parameter.ConstraintTypes),
        ],
        _ => [],
    };
}
