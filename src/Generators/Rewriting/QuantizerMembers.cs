using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.DataFlow;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Models;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Rewriting;

/// <summary>
/// Which layers the generated <c>Quantizers</c> has as members: <c>quant.Quantizers.conv1.InputQuantizer</c> compiles only while
/// there is a <c>conv1</c> with quantizers.
/// </summary>
/// <remarks>
/// A layer of which the quantized type is known is a member of that type; another module that may hold quantizers, such as a
/// <c>Sequential</c>, is a list of them. A layer without quantizers is none.
/// </remarks>
internal sealed class QuantizerMembers(ModuleContents modules, RewriteContext context, TypeAgreement agreement)
{
    // What the list of the runtime and every class have.
    private static readonly string[] s_taken = ["Count", "Item", "GetEnumerator", "Equals", "GetHashCode", "GetType", "ToString", "MemberwiseClone", "Finalize"];

    private readonly FreeNames _names = new(s_taken);

    /// <param name="text">The class.</param>
    /// <param name="modules">What is assigned to its fields.</param>
    /// <param name="context">The class and its profile.</param>
    /// <param name="agreement">Which names stay.</param>
    /// <param name="own">The quantizer fields that are generated.</param>
    /// <param name="place">Where the members will stand.</param>
    public static IEnumerable<QuantizerMember> Read(
        ClassText text, ModuleContents modules, RewriteContext context, TypeAgreement agreement, IEnumerable<QuantizerField> own, SyntaxNode place)
    {
        QuantizerMembers members = new(modules, context, agreement);
        string quantizer = context.Short(KnownSymbols.RuntimeNamespace, "TensorQuantizer", place);
        return
        [
            .. text.Declarations.SelectMany(type => type.Members).SelectMany(member => members.Of(member, place)),
            .. own.Select(field => new QuantizerMember(field.Name, field.Name, field.Type ?? quantizer, QuantizerMemberKind.Typed)),
        ];
    }

    private IEnumerable<QuantizerMember> Of(MemberDeclarationSyntax member, SyntaxNode place)
    {
        switch (member)
        {
            case FieldDeclarationSyntax { Declaration: { } declaration }:
                foreach (VariableDeclaratorSyntax variable in declaration.Variables)
                {
                    if (context.ModelOf(variable).GetDeclaredSymbol(variable, context.Cancellation) is IFieldSymbol { IsStatic: false } field
                        && Of(field, field.Type, field.IsReadOnly, declaration.Type, variable.Identifier, place) is { } exposed)
                    {
                        yield return exposed;
                    }
                }

                break;

            case PropertyDeclarationSyntax { ExplicitInterfaceSpecifier: null, ExpressionBody: null, AccessorList.Accessors: { } accessors } property
                when accessors.All(accessor => accessor is { Body: null, ExpressionBody: null })
                    && context.ModelOf(property).GetDeclaredSymbol(property, context.Cancellation) is IPropertySymbol { IsStatic: false, IsAbstract: false, GetMethod: not null } symbol:
                if (Of(symbol, symbol.Type, symbol.SetMethod is null, property.Type, property.Identifier, place) is { } layer)
                {
                    yield return layer;
                }

                break;
        }
    }

    private QuantizerMember? Of(ISymbol symbol, ITypeSymbol type, bool isReadOnly, TypeSyntax written, SyntaxToken name, SyntaxNode place)
    {
        if (!context.Known.IsModule(type) || context.Known.IsFullPrecision(symbol) || symbol.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == nameof(ObsoleteAttribute)))
        {
            return null;
        }

        if (context.Known.TryGetQuantized(type, out KnownModule module, out INamedTypeSymbol quantized))
        {
            return context.Quantizes(module) && !agreement.Keeps(written) ? Typed(quantized, QuantizerMemberKind.Typed) : null;
        }

        if (type is INamedTypeSymbol { Arity: 0 } model && SiblingModels.NameOf(model, context) is { } sibling && !agreement.Keeps(written))
        {
            return CanBeNamed(model) ? Member(Name(model, sibling, place) + Mark(), QuantizerMemberKind.Typed) : List();
        }

        List<IOperation> values = [.. modules.Assigned(symbol).Select(Plain).Where(value => value is not ILiteralOperation { ConstantValue: { HasValue: true, Value: null } })];
        if (ModuleContents.IsLeaf(type) || (values.Count > 0 && values.All(IsFloatLayer)))
        {
            return null;
        }

        // Others can assign something else to what they can reach.
        bool isKnown = values.Count > 0 && (isReadOnly || symbol.DeclaredAccessibility == Accessibility.Private);
        INamedTypeSymbol? made = isKnown ? Quantized(values[0]) : null;
        return made is not null && values.All(value => KnownSymbols.Same(Quantized(value), made)) ? Typed(made, QuantizerMemberKind.Cast) : List();

        string Mark() => type.NullableAnnotation == NullableAnnotation.Annotated ? "?" : "";
        QuantizerMember Typed(INamedTypeSymbol layer, QuantizerMemberKind kind)
            => CanBeNamed(layer) ? Member(context.Short(layer, place) + Mark(), kind) : List();
        QuantizerMember List() => Member(context.Short(KnownSymbols.ModulesNamespace, "QuantizerList", place), QuantizerMemberKind.List);
        QuantizerMember Member(string memberType, QuantizerMemberKind kind) => new(_names.Take(name.Text), name.Text, memberType, kind);
    }

    /// <summary>How the generated sibling of a model is written: short where the model is too.</summary>
    private string Name(INamedTypeSymbol model, string sibling, SyntaxNode place)
    {
        NameBinding names = context.PartOf(place).Names;
        if (names.Meanings(sibling, place.SpanStart).IsEmpty && names.Meanings(model.Name, place.SpanStart) is [var found] && KnownSymbols.Same(found, model))
        {
            return sibling;
        }

        INamespaceOrTypeSymbol container = (INamespaceOrTypeSymbol?)model.ContainingType ?? model.ContainingNamespace;
        return (container is INamespaceSymbol { IsGlobalNamespace: true } ? "global::" : container.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) + ".") + sibling;
    }

    /// <summary>The quantized type that an assigned value has in the generated class, where it is known.</summary>
    private INamedTypeSymbol? Quantized(IOperation value) => value switch
    {
        IInvocationOperation call when FactoryRewriter.IsQuantized(call, context, out _, out INamedTypeSymbol quantized) && !agreement.Keeps(call.Syntax) => quantized,
        IObjectCreationOperation made when context.Known.TryGetQuantized(made.Type, out KnownModule module, out INamedTypeSymbol quantized)
            && context.Quantizes(module) && !agreement.Keeps(made.Syntax) => quantized,
        _ => null,
    };

    /// <summary>Whether a value is a layer of TorchSharp that stays as it is.</summary>
    private bool IsFloatLayer(IOperation value)
        => value is IInvocationOperation { TargetMethod: { } factory } && KnownSymbols.Same(factory.ContainingType, context.Known.Nn)
            && ModuleContents.IsLeaf(factory.ReturnType) && Quantized(value) is null;

    private static IOperation Plain(IOperation value)
    {
        while (value is IConversionOperation or IParenthesizedOperation)
        {
            value = value is IConversionOperation conversion ? conversion.Operand : ((IParenthesizedOperation)value).Operand;
        }

        return value;
    }

    /// <summary>Whether a type can be named wherever the generated class can.</summary>
    private bool CanBeNamed(INamedTypeSymbol type)
    {
        Accessibility[] reach = [.. Chain(type)];
        return reach.All(accessibility => accessibility == Accessibility.Public)
            || (reach.All(accessibility => accessibility is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal)
                && Chain(context.Symbol).Any(accessibility => accessibility is Accessibility.Internal or Accessibility.Private or Accessibility.ProtectedAndInternal))
            || (KnownSymbols.Same(type.ContainingSymbol, context.Symbol.ContainingSymbol) && type.DeclaredAccessibility == context.Symbol.DeclaredAccessibility);
    }

    private static IEnumerable<Accessibility> Chain(INamedTypeSymbol? type)
    {
        for (; type is not null; type = type.ContainingType)
        {
            yield return type.DeclaredAccessibility;
        }
    }
}
