using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Diagnostics;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Models;
using QuantGen.Generators.Residuals;
using QuantGen.Generators.Rewriting;
using QuantGen.Generators.Tracing;

namespace QuantGen.Generators.Parsing;

/// <summary>Reads one annotated class into the models to generate, one for each <c>[Quantize]</c> on it.</summary>
/// <remarks>
/// The class is not rebuilt from syntax nodes: the parser records small edits of its text. Comments, helper methods and
/// line numbers stay as the user wrote them, and the result compares cheaply.
/// </remarks>
internal sealed class ModelParser
{
    private readonly SemanticModel _model;
    private readonly KnownSymbols _known;
    private readonly ClassDeclarationSyntax _declaration;
    private readonly INamedTypeSymbol _symbol;
    private readonly CancellationToken _cancellation;
    private readonly int _origin;
    private readonly List<ClassText> _texts;
    private readonly Dictionary<ClassText, IReadOnlyList<Addition>> _additions = [];
    private readonly NameBinding _names;
    private readonly List<DiagnosticInfo> _diagnostics = [];

    private ModelParser(SemanticModel model, ClassDeclarationSyntax declaration, INamedTypeSymbol symbol, KnownSymbols known, CancellationToken cancellation)
    {
        (_model, _known, _cancellation) = (model, known, cancellation);
        (_declaration, _symbol) = (declaration, symbol);
        _origin = SourceBlockReader.Start(_declaration, _model, known);
        _names = new(_model, _declaration, FileFrameReader.AllUsings(_declaration));
        _texts = ClassText.ReadAll(_declaration, _model, cancellation);
        ModuleWeights weights = new(known, _texts.SelectMany(text => text.AllOperations));
        foreach (ClassText text in _texts)
        {
            _additions[text] = DepthReader.Read(known, weights, text.Methods, cancellation);
        }
    }

    /// <param name="model">Of the class's file.</param>
    /// <param name="declaration">The class.</param>
    /// <param name="attributes">Its <c>[Quantize]</c>s, or the assembly's for it.</param>
    /// <param name="cancellation">Stops it.</param>
    public static ParsedClass Parse(SemanticModel model, ClassDeclarationSyntax declaration, IEnumerable<AttributeData> attributes, CancellationToken cancellation)
    {
        if (KnownSymbols.Of(model.Compilation) is not { } known || model.GetDeclaredSymbol(declaration, cancellation) is not INamedTypeSymbol symbol)
        {
            return new([], []);
        }

        if ((ModelRules.CheckClass(symbol, declaration, known) ?? ModelRules.CheckFileLocals(symbol, declaration, model)) is { } problem)
        {
            return new([], [problem]);
        }

        ModelParser parser = new(model, declaration, symbol, known, cancellation);
        List<ModelSpec> models = [];
        foreach (AttributeData attribute in attributes)
        {
            SyntaxNodeOrToken place = attribute.ApplicationSyntaxReference?.GetSyntax(cancellation) ?? declaration;
            if (ModelRules.CheckName(symbol, attribute, known, place) is { } taken)
            {
                parser._diagnostics.Add(taken);
                continue;
            }

            if (parser.Parse(Profile.Read(attribute, symbol.Name)) is { } spec)
            {
                models.Add(spec);
            }
        }

        return new([.. models], [.. parser._diagnostics.Distinct()]);
    }

    private ModelSpec? Parse(Profile profile)
    {
        DescriptorTable descriptors = new(profile, _names.Free().Take("Quantization"));
        RewriteContext context = new(_known, _model, _declaration, _symbol, profile, _names, descriptors, _cancellation);
        EditList edits = new(_origin);
        SourceBlockReader.DropAttributes(_declaration, _origin, _model, _known, edits);
        TypeAgreement agreement = TypeAgreement.Read(_texts, context);
        _diagnostics.AddRange(agreement.Diagnostics);
        if (agreement.IsImpossible)
        {
            return null;
        }

        TypeNameRewriter.Rewrite(context, agreement, edits);
        foreach (IOperation body in _texts.SelectMany(text => text.AllOperations))
        {
            FactoryRewriter.Rewrite(body, context, agreement, edits);
        }

        foreach (ClassText text in _texts)
        {
            BoundaryRewriter.Rewrite(text, context, edits, _diagnostics);
        }

        Dictionary<ClassText, List<ResidualSite>> sites = _texts.ToDictionary(text => text, text => RewriteAdditions(text, context, edits));
        TracedOverloads traced = TracedOverloads.Read(_texts, context, edits, _origin);
        _diagnostics.AddRange(traced.Diagnostics);
        foreach (ClassText text in _texts.Where(text => traced.IsTraceable(text, _known)))
        {
            AddTraceable(text, edits);
        }

        if (sites.Values.Any(found => found.Count > 0))
        {
            descriptors.Residual();
        }

        return new(
            HintName(profile),
            FileFrameReader.Read(_declaration, _model, _names.Extra.Where(directive => directive != $"using {KnownSymbols.OnnxNamespace};" || !traced.IsEmpty)),
            SourceBlockReader.Documentation(_declaration),
            SourceBlockReader.Read(_declaration, _origin),
            edits.ToSorted(),
            [.. _texts.Where(text => text.Syntax.CloseBraceToken.Span.Length > 0).Select(text => Tail(text, sites[text], traced))],
            new(
                descriptors.ClassName,
                ShortName("QuantDescriptor"),
                ShortName("TensorQuantizer"),
                ShortName("NumBits"),
                ShortName("CalibrationMethod"),
                new(
                    _names.Free().Take("Quantizers"),
                    _symbol.BaseType is { } parent && SiblingModels.NameOf(parent, context) is not null ? "public new" : "public",
                    _names.Short(KnownSymbols.ModulesNamespace, "QuantModules", _declaration.OpenBraceToken.SpanStart + 1)),
                descriptors.ToSorted()));
    }

    private List<ResidualSite> RewriteAdditions(ClassText text, RewriteContext context, EditList edits)
    {
        (List<ResidualSite> sites, List<DiagnosticInfo> diagnostics) = ResidualRewriter.Plan(_additions[text], text, _names.Free(), context);
        _diagnostics.AddRange(diagnostics);
        foreach (ResidualSite site in sites)
        {
            ResidualRewriter.Rewrite(site, context, edits);
        }

        return sites;
    }

    private TypeTail Tail(ClassText text, List<ResidualSite> sites, TracedOverloads traced) => new(
        text.Syntax.CloseBraceToken.SpanStart - _origin,
        SourceBlockReader.Indentation(text.Syntax.SyntaxTree.GetText(), text.Syntax.CloseBraceToken.SpanStart) + "    ",
        [.. sites.SelectMany(site => site.Fields)],
        text.Syntax == _declaration,
        [.. traced.Of(text, _origin)]);

    private void AddTraceable(ClassText text, EditList edits)
    {
        string name = _names.Short(KnownSymbols.OnnxNamespace, "ITraceable", text.Syntax.SpanStart);
        if (text.Syntax.BaseList is { } bases)
        {
            edits.Insert(bases.Span.End, ", " + name);
        }
        else
        {
            SyntaxNodeOrToken head = text.Syntax.ParameterList ?? (SyntaxNodeOrToken?)text.Syntax.TypeParameterList ?? text.Syntax.Identifier;
            edits.Insert(head.Span.End, " : " + name);
        }
    }

    private string ShortName(string name) => _names.Short(KnownSymbols.RuntimeNamespace, name, _declaration.OpenBraceToken.SpanStart + 1);

    /// <summary>The file's name: the full name of the generated class.</summary>
    private string HintName(Profile profile)
    {
        List<string> parts = [profile.Name + (_symbol.Arity > 0 ? "{" + _symbol.Arity + "}" : "")];
        for (INamedTypeSymbol? outer = _symbol.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            parts.Add(outer.Name + (outer.Arity > 0 ? "{" + outer.Arity + "}" : ""));
        }

        if (!_symbol.ContainingNamespace.IsGlobalNamespace)
        {
            parts.Add(_symbol.ContainingNamespace.ToDisplayString());
        }

        parts.Reverse();
        return string.Join(".", parts) + ".g.cs";
    }
}
