using Microsoft.CodeAnalysis;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.Rewriting;

/// <summary>Which types are others in the generated class: modules that are quantized, other quantized models, and the class with all inside it.</summary>
internal sealed class ChangingTypes(RewriteContext context)
{
    private readonly Dictionary<ITypeSymbol, bool> _changes = new(SymbolEqualityComparer.Default);

    /// <summary>Whether a type, or a part of it, is another one there.</summary>
    public bool Changes(ITypeSymbol? type)
    {
        if (type is null)
        {
            return false;
        }

        if (!_changes.TryGetValue(type, out bool changes))
        {
            // A type that contains itself adds nothing.
            _changes[type] = false;
            changes = type switch
            {
                IArrayTypeSymbol array => Changes(array.ElementType),

                // Which one it is follows from its members, each of which is a place of its own.
                INamedTypeSymbol { IsAnonymousType: true } => false,
                INamedTypeSymbol named => IsOwn(named) || IsReplaced(named) || named.TypeArguments.Any(Changes),
                _ => false,
            };
            _changes[type] = changes;
        }

        return changes;
    }

    /// <summary>Whether a type, or a part of it, is the class or in it: nothing can keep that as it was.</summary>
    public bool MentionsOwn(ITypeSymbol? type) => type switch
    {
        IArrayTypeSymbol array => MentionsOwn(array.ElementType),
        INamedTypeSymbol named => IsOwn(named) || named.TypeArguments.Any(MentionsOwn),
        _ => false,
    };

    /// <summary>Whether a type, or a part of it, is another one unless something stands against it.</summary>
    public bool MentionsReplaced(ITypeSymbol? type) => type switch
    {
        IArrayTypeSymbol array => MentionsReplaced(array.ElementType),
        INamedTypeSymbol named => (!IsOwn(named) && IsReplaced(named)) || named.TypeArguments.Any(MentionsReplaced),
        _ => false,
    };

    /// <summary>Whether a value of one type can be of one of another, so that the two agree: a class of the model's own is no layer.</summary>
    public bool CanMeet(ITypeSymbol? a, ITypeSymbol? b) => (MentionsOwn(a) && MentionsOwn(b)) || (MentionsReplaced(a) && MentionsReplaced(b));

    /// <summary>Whether a type is surely the same there, also what it inherits from types that change: a <c>class Layers : List&lt;Linear&gt;</c>.</summary>
    public bool IsStable(ITypeSymbol? type) => type is { TypeKind: not (TypeKind.TypeParameter or TypeKind.Dynamic or TypeKind.Error) } && !Changes(type);

    /// <summary>Whether values of a type can still be given where another type is wanted that is the same in both classes.</summary>
    public bool StillFits(ITypeSymbol type, ITypeSymbol wanted)
        => !context.Known.TryGetQuantized(type, out KnownModule module, out INamedTypeSymbol quantized)
            || !context.Quantizes(module)
            || context.Compilation.ClassifyCommonConversion(quantized, wanted).IsImplicit;

    /// <summary>Whether the quantized module has a member by the name of one of the module's, which can be written where that is.</summary>
    public bool StillHas(ITypeSymbol? type, ISymbol member, bool isWritten)
    {
        if (!context.Known.TryGetQuantized(type, out KnownModule module, out INamedTypeSymbol quantized) || !context.Quantizes(module))
        {
            return true;
        }

        for (INamedTypeSymbol? at = quantized; at is not null; at = at.BaseType)
        {
            if (at.GetMembers(member.Name).Any(candidate => candidate.DeclaredAccessibility == Accessibility.Public && Replaces(candidate, member, isWritten)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a type is that of modules which are quantized only where a field asks for it.</summary>
    public bool IsOnRequest(ITypeSymbol? type) => context.Known.TryGetQuantized(type, out KnownModule module, out _) && module.OnRequest;

    public bool IsSibling(INamedTypeSymbol type) => SiblingModels.NameOf(type, context) is not null;

    private bool Replaces(ISymbol candidate, ISymbol member, bool isWritten) => (candidate, member) switch
    {
        (IPropertySymbol mine, IPropertySymbol theirs) => Gives(mine.Type, theirs.Type) && (!isWritten || mine.SetMethod is { DeclaredAccessibility: Accessibility.Public }),
        (IMethodSymbol mine, IMethodSymbol theirs) => Gives(mine.ReturnType, theirs.ReturnType)
            && mine.Parameters.Length >= theirs.Parameters.Length
            && theirs.Parameters.All(p => Fits(p.Type, mine.Parameters[p.Ordinal].Type)),
        _ => candidate.Kind == member.Kind,
    };

    /// <summary>Whether all that is done with a value of one type can be done with one of another: a double is no <c>double?</c>.</summary>
    private bool Gives(ITypeSymbol given, ITypeSymbol wanted) => Fits(given, wanted) && (KnownSymbols.Same(given, wanted) || !(given.IsValueType || wanted.IsValueType));

    private bool Fits(ITypeSymbol given, ITypeSymbol wanted)
        => context.Compilation.ClassifyCommonConversion(given, wanted).IsImplicit || (given is ITypeParameterSymbol && wanted is ITypeParameterSymbol);

    private bool IsOwn(INamedTypeSymbol type) => !type.IsAnonymousType && context.IsInside(type);

    private bool IsReplaced(INamedTypeSymbol type)
        => context.Known.TryGetQuantized(type, out KnownModule module, out _) ? context.Quantizes(module) : IsSibling(type);
}
