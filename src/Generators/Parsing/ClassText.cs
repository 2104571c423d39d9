using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.Parsing;

/// <summary>The annotated class or a class nested in it, with the operations of its members.</summary>
internal sealed class ClassText
{
    private ClassText(TypeDeclarationSyntax syntax, INamedTypeSymbol symbol) => (Syntax, Symbol) = (syntax, symbol);

    public TypeDeclarationSyntax Syntax { get; }

    public INamedTypeSymbol Symbol { get; }

    /// <summary>Methods and accessors, in which tensors flow.</summary>
    public Dictionary<IMethodSymbol, IOperation> Methods { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Constructors and initialisers, in which modules are made.</summary>
    public List<IOperation> Initialization { get; } = [];

    public IEnumerable<IOperation> AllOperations => Methods.Values.Concat(Initialization);

    /// <summary>The class and the types nested in it, outermost first.</summary>
    public static List<ClassText> ReadAll(ClassDeclarationSyntax declaration, SemanticModel model, CancellationToken cancellation)
        => [.. declaration.DescendantNodesAndSelf(node => node is TypeDeclarationSyntax).OfType<TypeDeclarationSyntax>().Select(type => Read(type, model, cancellation))];

    private static ClassText Read(TypeDeclarationSyntax type, SemanticModel model, CancellationToken cancellation)
    {
        ClassText text = new(type, model.GetDeclaredSymbol(type, cancellation)!);
        foreach (MemberDeclarationSyntax member in type.Members)
        {
            cancellation.ThrowIfCancellationRequested();
            switch (member)
            {
                case ConstructorDeclarationSyntax constructor:
                    text.AddInitialization(constructor, model, cancellation);
                    break;

                case BaseMethodDeclarationSyntax method:
                    text.AddMethod(method, (SyntaxNode?)method.Body ?? method.ExpressionBody, model, cancellation);
                    break;

                case BaseFieldDeclarationSyntax field:
                    foreach (VariableDeclaratorSyntax variable in field.Declaration.Variables)
                    {
                        text.AddInitialization(variable.Initializer, model, cancellation);
                    }

                    break;

                case BasePropertyDeclarationSyntax property:
                    text.AddProperty(property, model, cancellation);
                    break;
            }
        }

        if (type.BaseList?.Types.FirstOrDefault() is PrimaryConstructorBaseTypeSyntax baseCall)
        {
            text.AddInitialization(baseCall, model, cancellation);
        }

        return text;
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
    public bool IsModule(KnownSymbols known) => Syntax.IsKind(SyntaxKind.ClassDeclaration) && !Symbol.IsStatic && known.IsModule(Symbol);
}
