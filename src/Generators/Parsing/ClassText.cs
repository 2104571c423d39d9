using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.Parsing;

/// <summary>The annotated class or a type nested in it, with the operations of its members from all its declarations.</summary>
internal sealed class ClassText
{
    private readonly List<TypeDeclarationSyntax> _declarations = [];

    private ClassText(INamedTypeSymbol symbol) => Symbol = symbol;

    /// <summary>From the annotated part of the class on.</summary>
    public IReadOnlyList<TypeDeclarationSyntax> Declarations => _declarations;

    /// <summary>The declaration that takes the members which the type has once: the first with braces.</summary>
    public TypeDeclarationSyntax? Home => _declarations.FirstOrDefault(type => type.CloseBraceToken.Span.Length > 0);

    public INamedTypeSymbol Symbol { get; }

    /// <summary>Methods and accessors, in which tensors flow.</summary>
    public Dictionary<IMethodSymbol, IOperation> Methods { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Constructors and initialisers, in which modules are made.</summary>
    public List<IOperation> Initialization { get; } = [];

    public IEnumerable<IOperation> AllOperations => Methods.Values.Concat(Initialization);

    /// <summary>The class and the types nested in it, outermost first.</summary>
    /// <remarks>Nested types that stay the model's own have no text here.</remarks>
    public static List<ClassText> ReadAll(IEnumerable<ClassPart> parts, KnownSymbols known, CancellationToken cancellation)
    {
        List<ClassText> texts = [];
        foreach (ClassPart part in parts)
        {
            foreach (TypeDeclarationSyntax type in part.Declaration.DescendantNodesAndSelf(node => node is TypeDeclarationSyntax).OfType<TypeDeclarationSyntax>())
            {
                INamedTypeSymbol symbol = part.Model.GetDeclaredSymbol(type, cancellation)!;
                if (OriginalTypes.Contain(symbol, known) && type != part.Declaration)
                {
                    continue;
                }

                ClassText? text = texts.FirstOrDefault(other => KnownSymbols.Same(other.Symbol, symbol));
                if (text is null)
                {
                    texts.Add(text = new(symbol));
                }

                text.Read(type, part.Model, cancellation);
            }
        }

        return texts;
    }

    private void Read(TypeDeclarationSyntax type, SemanticModel model, CancellationToken cancellation)
    {
        _declarations.Add(type);
        foreach (MemberDeclarationSyntax member in type.Members)
        {
            cancellation.ThrowIfCancellationRequested();
            switch (member)
            {
                case ConstructorDeclarationSyntax constructor:
                    AddInitialization(constructor, model, cancellation);
                    break;

                case BaseMethodDeclarationSyntax method:
                    AddMethod(method, (SyntaxNode?)method.Body ?? method.ExpressionBody, model, cancellation);
                    break;

                case BaseFieldDeclarationSyntax field:
                    foreach (VariableDeclaratorSyntax variable in field.Declaration.Variables)
                    {
                        AddInitialization(variable.Initializer, model, cancellation);
                    }

                    break;

                case BasePropertyDeclarationSyntax property:
                    AddProperty(property, model, cancellation);
                    break;
            }
        }

        if (type.BaseList?.Types.FirstOrDefault() is PrimaryConstructorBaseTypeSyntax baseCall)
        {
            AddInitialization(baseCall, model, cancellation);
        }
    }

    private void AddProperty(BasePropertyDeclarationSyntax property, SemanticModel model, CancellationToken cancellation)
    {
        foreach (AccessorDeclarationSyntax accessor in property.AccessorList?.Accessors ?? [])
        {
            AddMethod(accessor, (SyntaxNode?)accessor.Body ?? accessor.ExpressionBody, model, cancellation);
        }

        (ArrowExpressionClauseSyntax? arrow, EqualsValueClauseSyntax? initializer) = property switch
        {
            PropertyDeclarationSyntax p => (p.ExpressionBody, p.Initializer),
            IndexerDeclarationSyntax i => (i.ExpressionBody, null),
            _ => (null, null),
        };
        if (arrow is not null && (model.GetDeclaredSymbol(property, cancellation) as IPropertySymbol)?.GetMethod is { } getter
            && model.GetOperation(arrow, cancellation) is { } body)
        {
            Methods[getter] = body;
        }

        AddInitialization(initializer, model, cancellation);
    }

    private void AddMethod(SyntaxNode declaration, SyntaxNode? body, SemanticModel model, CancellationToken cancellation)
    {
        if (body is not null && model.GetDeclaredSymbol(declaration, cancellation) is IMethodSymbol symbol && model.GetOperation(body, cancellation) is { } operation)
        {
            Methods[symbol] = operation;
        }
    }

    private void AddInitialization(SyntaxNode? node, SemanticModel model, CancellationToken cancellation)
    {
        if (node is not null && model.GetOperation(node, cancellation) is { } operation)
        {
            Initialization.Add(operation);
        }
    }

    /// <summary>Whether this is a class of modules, so that a quantizer among its fields is found and saved.</summary>
    public bool IsModule(KnownSymbols known) => Symbol is { TypeKind: TypeKind.Class, IsRecord: false, IsStatic: false } && known.IsModule(Symbol);
}
