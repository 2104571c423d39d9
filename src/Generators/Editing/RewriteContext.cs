using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Editing;

/// <summary>What every rewriter of one class and one profile works with.</summary>
internal sealed record RewriteContext(
    KnownSymbols Known,
    Compilation Compilation,
    IReadOnlyList<ClassPart> Parts,
    INamedTypeSymbol Symbol,
    Profile Profile,
    DescriptorTable Descriptors,
    ISet<SyntaxNode> MadeAtEachCall,
    CancellationToken Cancellation)
{
    private readonly Lazy<bool> _hasRequests = new(() => Parts.SelectMany(part => part.Declaration.DescendantNodes().OfType<MemberDeclarationSyntax>()
        .Select(member => part.Model.GetDeclaredSymbol(member is BaseFieldDeclarationSyntax field ? field.Declaration.Variables[0] : member, Cancellation)))
        .Any(symbol => symbol is IFieldSymbol or IPropertySymbol && Known.QuantizeAttributes(symbol).Any()));

    /// <summary>The semantic model of the file that a node of the class is in.</summary>
    public SemanticModel ModelOf(SyntaxNode node) => Parts.First(part => part.Declaration.SyntaxTree == node.SyntaxTree).Model;

    /// <summary>The declaration of the class that a node is in.</summary>
    public ClassPart PartOf(SyntaxNode node) => Parts.First(part => part.Contains(node));

    /// <summary>How a type of the runtime is written at a place of the class.</summary>
    public string Short(INamedTypeSymbol type, SyntaxNode place) => Short(type.ContainingNamespace.ToDisplayString(), type.Name, place);

    /// <summary>How a type of the runtime is written at a place of the class.</summary>
    public string Short(string containingNamespace, string name, SyntaxNode place) => PartOf(place).Names.Short(containingNamespace, name, place.SpanStart);

    /// <summary>Whether a type has its text inside the class and is copied with it.</summary>
    public bool IsInside(INamedTypeSymbol type)
        => !OriginalTypes.Contain(type, Known) && type.OriginalDefinition.DeclaringSyntaxReferences.Any(reference => Parts.Any(part => part.Contains(reference)));

    /// <summary>Whether this profile quantizes a kind of module somewhere; one on request, in the fields that ask for it.</summary>
    public bool Quantizes(KnownModule module)
        => module.OnRequest ? _hasRequests.Value
            : module.IsActivation ? Profile.Target.QuantizesActivations && !Profile.Input.None
            : !(Profile.Input.None && (Profile.Weight.None || !module.HasWeight));

    /// <summary>The field or property with a <c>[Quantize]</c> of its own that a node belongs to, or <see langword="null"/>.</summary>
    public ISymbol? Request(SyntaxNode node)
        => OwnerSymbols(node).FirstOrDefault(symbol => symbol is IFieldSymbol or IPropertySymbol && Known.QuantizeAttributes(symbol).Any());

    /// <summary>The profile that holds at a node, and the nested class or the field that changes it.</summary>
    public (Profile Profile, string Owner) PlaceOf(SyntaxNode node)
    {
        (Profile profile, string owner) = (Profile, "");
        foreach (ISymbol symbol in OwnerSymbols(node).Reverse())
        {
            List<AttributeData> attributes = [.. Known.QuantizeAttributes(symbol)];
            Profile changed = attributes.Count == 0 ? profile
                : symbol is INamedTypeSymbol ? profile.WithNested(attributes, symbol.Name, Symbol.Name)
                : symbol is IFieldSymbol or IPropertySymbol ? profile.With(attributes)
                : profile;
            (profile, owner) = (changed, changed == profile ? owner : symbol.Name);
        }

        return (profile, owner);
    }

    /// <summary>Whether a node stays as it is: by a <c>[FullPrecision]</c>, or since it makes a module anew at each call.</summary>
    public bool IsFullPrecision(SyntaxNode node) => IsMadeAtEachCall(node) || IsLeftByUser(node);

    /// <summary>Whether a node is part of something that <c>[FullPrecision]</c> leaves as it is.</summary>
    public bool IsLeftByUser(SyntaxNode node) => OwnerSymbols(node).Any(Known.IsFullPrecision);

    private bool IsMadeAtEachCall(SyntaxNode node)
        => MadeAtEachCall.Count > 0 && node.AncestorsAndSelf().TakeWhile(at => at is not MemberDeclarationSyntax).Any(MadeAtEachCall.Contains);

    /// <summary>The members that a node is part of, and the field or property that it is assigned to.</summary>
    private IEnumerable<ISymbol> OwnerSymbols(SyntaxNode node)
    {
        SemanticModel model = ModelOf(node);
        for (SyntaxNode? at = node; at is not null && !Parts.Any(part => part.Declaration == at); at = at.Parent)
        {
            ISymbol? symbol = at switch
            {
                VariableDeclaratorSyntax { Parent.Parent: BaseFieldDeclarationSyntax } field => model.GetDeclaredSymbol(field, Cancellation),
                BaseFieldDeclarationSyntax field => model.GetDeclaredSymbol(field.Declaration.Variables[0], Cancellation),
                BaseMethodDeclarationSyntax or BasePropertyDeclarationSyntax or TypeDeclarationSyntax => model.GetDeclaredSymbol(at, Cancellation),
                AssignmentExpressionSyntax assignment when !assignment.Left.Contains(node) => model.GetSymbolInfo(assignment.Left, Cancellation).Symbol,
                _ => null,
            };
            if (symbol is IFieldSymbol or IPropertySymbol or IMethodSymbol or INamedTypeSymbol)
            {
                yield return symbol;
            }
        }
    }
}
