using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.DataFlow;
using QuantGen.Generators.Diagnostics;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Models;
using QuantGen.Generators.Parsing;
using QuantGen.Generators.Rewriting;
using QuantGen.Generators.Tracing;

namespace QuantGen.Generators.Pipeline;

/// <summary>Reads one annotated class into the models to generate, one for each <c>[Quantize]</c> on it.</summary>
/// <remarks>
/// The class is not rebuilt from syntax nodes: the parser records small edits of its text. Comments, helper methods and
/// line numbers stay as the user wrote them, and the result compares cheaply.
/// </remarks>
internal sealed class ModelParser
{
    private readonly KnownSymbols _known;
    private readonly Compilation _compilation;
    private readonly INamedTypeSymbol _symbol;
    private readonly CancellationToken _cancellation;
    private readonly List<ClassPart> _parts;
    private readonly List<ClassText> _texts;
    private readonly ModuleContents _modules;
    private readonly Dictionary<ClassText, FlowFindings> _findings = [];
    private readonly InputSigns _inputs;
    private readonly ISet<SyntaxNode> _madeAtEachCall;
    private readonly List<DiagnosticInfo> _diagnostics = [];

    private ModelParser(List<ClassPart> parts, INamedTypeSymbol symbol, KnownSymbols known, CancellationToken cancellation)
    {
        (_parts, _symbol, _known, _cancellation) = (parts, symbol, known, cancellation);
        _compilation = parts[0].Model.Compilation;
        _texts = ClassText.ReadAll(parts, known, cancellation);
        _modules = new(known, _texts.SelectMany(text => text.AllOperations));
        ModuleWeights weights = new(known, _modules);
        ModuleSigns signs = new(known, _modules);
        ModuleOutputs outputs = new(known, _modules);
        SmallModules small = new(known, _compilation, cancellation);
        foreach (ClassText text in _texts)
        {
            IEnumerable<IOperation> others = text.Initialization.Concat(_texts.Where(other => other != text).SelectMany(other => other.AllOperations));
            _findings[text] = FlowReader.Read(known, weights, signs, outputs, small, text.Methods, others, cancellation);
        }

        Dictionary<IMethodSymbol, IOperation> methods = _texts.SelectMany(text => text.Methods).ToDictionary<KeyValuePair<IMethodSymbol, IOperation>, IMethodSymbol, IOperation>(
            entry => entry.Key, entry => entry.Value, SymbolEqualityComparer.Default);
        _madeAtEachCall = CallTimeLayers.Find(known, methods, _texts.SelectMany(text => text.Initialization));
        ModuleUses uses = new(known, _texts.SelectMany(text => text.AllOperations));
        _inputs = new(_modules, signs, uses, _findings.Values.SelectMany(findings => findings.ModuleCalls));
    }

    /// <param name="model">Of the class's file.</param>
    /// <param name="declaration">The class, or the part of it that is annotated.</param>
    /// <param name="attributes">Its <c>[Quantize]</c>s, or the assembly's for it.</param>
    /// <param name="cancellation">Stops it.</param>
    public static ParsedClass Parse(SemanticModel model, ClassDeclarationSyntax declaration, IEnumerable<AttributeData> attributes, CancellationToken cancellation)
    {
        if (KnownSymbols.Of(model.Compilation) is not { } known || model.GetDeclaredSymbol(declaration, cancellation) is not INamedTypeSymbol symbol)
        {
            return new([], []);
        }

        if (ModelRules.IsPartOfModelOnly(symbol, known))
        {
            return new([], []);
        }

        List<ClassPart> parts = ClassPart.ReadAll(symbol, declaration, model, known, cancellation);
        foreach (ClassPart part in parts)
        {
            if ((ModelRules.CheckClass(symbol, part.Declaration, known) ?? ModelRules.CheckFileLocals(symbol, part.Declaration, part.Model)) is { } problem)
            {
                return new([], [problem]);
            }
        }

        ModelParser parser = new(parts, symbol, known, cancellation);
        List<ModelSpec> models = [];
        // What stands on another part is read there.
        foreach (AttributeData attribute in attributes.Where(attribute => attribute.ApplicationSyntaxReference is not { } place || !parts.Skip(1).Any(part => part.Contains(place))))
        {
            SyntaxNodeOrToken place = attribute.ApplicationSyntaxReference?.GetSyntax(cancellation) ?? declaration;
            if (ModelRules.CheckName(symbol, attribute, known, place) is { } taken)
            {
                parser._diagnostics.Add(taken);
                continue;
            }

            models.AddRange(parser.Parse(Profile.Read(attribute, symbol.Name)));
        }

        parser.ReportFlow();
        parser.ReportFieldSettings();
        return new([.. models], [.. parser._diagnostics.Distinct()]);
    }

    /// <summary>Tells of <c>[Quantize(Fields = "head*")]</c> where there is no such field.</summary>
    private void ReportFieldSettings()
    {
        foreach (AttributeData setting in _known.FieldSettings(_symbol))
        {
            string fields = KnownSymbols.FieldsOf(setting)!;
            bool matches = _symbol.GetMembers().Any(member => member is IFieldSymbol { AssociatedSymbol: null } or IPropertySymbol
                && ModuleFields.CanHold((member as IFieldSymbol)?.Type ?? ((IPropertySymbol)member).Type, _known) && NamePattern.Matches(fields, member.Name));
            if (!matches && setting.ApplicationSyntaxReference?.GetSyntax(_cancellation) is { } place)
            {
                _diagnostics.Add(DiagnosticInfo.Create(Rules.PatternMatchesNothing, place, fields, "field or property of modules", _symbol.Name));
            }
        }
    }

    /// <summary>Tells where data flow knows less than it could, whatever the profile.</summary>
    private void ReportFlow()
    {
        foreach (FlowFindings findings in _findings.Values)
        {
            _diagnostics.AddRange(findings.UnfollowedDelegates.Select(call => DiagnosticInfo.Create(Rules.DelegateNotFollowed, call.Syntax, DiagnosticInfo.OneLine(call.Syntax))));
            _diagnostics.AddRange(
                from method in findings.CutShortMethods
                let place = method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(_cancellation)
                where place is not null
                select DiagnosticInfo.Create(Rules.FlowCutShort, place is MethodDeclarationSyntax declared ? declared.Identifier : place.GetFirstToken(), method.Name));
        }
    }

    /// <summary>The files of one profile: one for each part of the class.</summary>
    /// <remarks>
    /// The order of the steps has reasons. Which modules other code makes is known first, since the agreement of types asks whether such a module changes. The
    /// agreement comes before every
    /// rewriter that names a type: they ask it which names stay. Quantizers are put between operations after the names, since what they wrap is the user's text
    /// with its edits inside. The
    /// traced methods come last: they take over the edits that lie inside of them, and may replace some. Descriptors are listed at the end, when all have been
    /// asked for.
    /// </remarks>
    private IEnumerable<ModelSpec> Parse(Profile profile)
    {
        DescriptorTable descriptors = new(profile, FreeNames().Take("Quantization"));
        RewriteContext context = new(_known, _compilation, _parts, _symbol, profile, descriptors, _madeAtEachCall, _cancellation);
        BoundaryCalls boundary = BoundaryCalls.Read(_texts, context);
        TypeAgreement agreement = TypeAgreement.Read(_texts, boundary, context);
        _diagnostics.AddRange(agreement.Diagnostics);
        if (agreement.IsImpossible)
        {
            return [];
        }

        PartEdits edits = new(_parts);
        foreach (ClassPart part in _parts)
        {
            AttributeRewriter.Rewrite(part, _known, edits[part]);
            OriginalTypeRewriter.Rewrite(part, context, edits[part]);
            TypeNameRewriter.Rewrite(part, context, agreement, edits[part]);
        }

        foreach (IOperation body in _texts.SelectMany(text => text.AllOperations))
        {
            FactoryRewriter.Rewrite(body, context, agreement, _inputs, edits.At(body.Syntax));
        }

        foreach (TypeDeclarationSyntax type in _texts.SelectMany(text => text.Declarations))
        {
            PartialMemberRewriter.Rewrite(type, context, agreement, edits.At(type), _diagnostics);
        }

        BoundaryRewriter.Rewrite(boundary, context, agreement, edits, _diagnostics);
        UnquantizedLayers.Report(_texts, context, agreement, _diagnostics);
        MissingProfiles.Report(context, agreement, _diagnostics);

        Dictionary<ClassText, QuantizerFields> quantizers = _texts.ToDictionary(text => text, text => AddQuantizers(text, context, edits));
        TracedOverloads traced = TracedOverloads.Read(_texts, context, edits, quantizers.Values.SelectMany(fields => fields.Operands), quantizers.Values.SelectMany(fields => fields.Replaced));
        _diagnostics.AddRange(traced.Diagnostics);
        foreach (ClassText text in _texts)
        {
            AddInterfaces(text, text == _texts[0], traced.IsTraceable(text, _known), context, edits);
        }

        if (_texts[0].Home is null && descriptors.ToSorted().Count > 0)
        {
            _diagnostics.Add(DiagnosticInfo.Create(Rules.NotAModel, _parts[0].Declaration.Identifier, _symbol.Name, "it has no braces, and so no place for its quantizers' settings"));
            return [];
        }

        return _parts.Select(part => Spec(part, context, agreement, edits[part], quantizers, traced));
    }

    private ModelSpec Spec(
        ClassPart part, RewriteContext context, TypeAgreement agreement, EditList edits, Dictionary<ClassText, QuantizerFields> quantizers, TracedOverloads traced)
    {
        IEnumerable<string> usings = part.Names.Extra.Where(directive => directive != $"using {KnownSymbols.OnnxNamespace};" || !traced.IsEmpty);
        return new(
            HintName(part, context.Profile),
            FileFrameReader.Read(part.Declaration, part.Model, usings),
            SourceBlockReader.Documentation(part.Declaration),
            SourceBlockReader.Read(part.Declaration, part.Origin),
            edits.ToSorted(),
            [.. _texts.SelectMany(text => Tails(text, part, quantizers[text], traced))],
            new(
                context.Descriptors.ClassName,
                ShortName(part, "QuantDescriptor"),
                ShortName(part, "TensorQuantizer"),
                ShortName(part, "NumBits"),
                ShortName(part, "CalibrationMethod"),
                Property(part, context, agreement, quantizers[_texts[0]], traced),
                context.Descriptors.ToSorted()),
            part == _parts[0] ? ExportRefusals.Of(traced.FailureOf(_texts[0]), context) : null);
    }

    private QuantizerProperty Property(ClassPart part, RewriteContext context, TypeAgreement agreement, QuantizerFields fields, TracedOverloads traced)
    {
        FreeNames names = FreeNames();
        ClassText text = _texts[0];
        bool isHome = text.Home == part.Declaration;
        string owner = SiblingModels.SuffixIn(_symbol, context);
        return new(
            names.Take("Quantizers" + owner),
            names.Take("QuantizerMembers" + owner),
            names.Take("_model"),
            context.Profile.Name + (_symbol.Arity > 0 ? $"<{string.Join(", ", _symbol.TypeParameters.Select(parameter => parameter.Name))}>" : ""),
            part.Names.Short(KnownSymbols.ModulesNamespace, "QuantizerList", part.Declaration.OpenBraceToken.SpanStart + 1),
            [.. isHome ? QuantizerMembers.Read(text, _modules, context, agreement, fields.Fields, part.Declaration) : []],
            part.Names.Short(KnownSymbols.ModulesNamespace, QuantizedModelMembers.Interface, part.Declaration.OpenBraceToken.SpanStart + 1),
            traced.IsTraceable(text, _known) ? QuantizedModelMembers.Export(context) : null,
            QuantizedModelMembers.LoadsItself(_symbol));
    }

    /// <summary>Puts quantizers between the operations of a type.</summary>
    private QuantizerFields AddQuantizers(ClassText text, RewriteContext context, PartEdits edits)
    {
        QuantizerFields fields = new(text, FreeNames(), context, edits);
        if (!context.Profile.Residual.None)
        {
            _diagnostics.AddRange(_findings[text].HiddenAdditions.Where(call => !context.IsFullPrecision(call.Syntax)).Select(call => DiagnosticInfo.Create(
                Rules.ResidualNotQuantized, call.Syntax, DiagnosticInfo.OneLine(call.Syntax), "what it adds comes in a list that is filled elsewhere; write the list out in the call")));
        }

        ResidualRewriter.Rewrite(_findings[text].Additions, fields, context, _diagnostics);
        ConcatRewriter.Rewrite(_findings[text].Concatenations, fields, context, _diagnostics);
        FunctionalRewriter.Rewrite(_findings[text], fields, context, _diagnostics);

        // After the functions: the factor that a module in the place of one gives is quantized already. What others have not quantized is left to the last.
        ProductRewriter.Rewrite(_findings[text].Products, fields, context, _diagnostics);
        OutputRewriter.Rewrite(_findings[text].OutputReaders, fields, context);
        return fields;
    }

    /// <summary>The members to add to the declarations of a type in one part of the class.</summary>
    private IEnumerable<TypeTail> Tails(ClassText text, ClassPart part, QuantizerFields quantizers, TracedOverloads traced)
        => text.Declarations.Where(type => part.Contains(type) && type.CloseBraceToken.Span.Length > 0).Select(type => new TypeTail(
            type.CloseBraceToken.SpanStart - part.Origin,
            SourceBlockReader.Indentation(type.SyntaxTree.GetText(), type.CloseBraceToken.SpanStart) + "    ",
            [.. type == text.Home ? quantizers.Fields : []],
            type == text.Home && KnownSymbols.Same(text.Symbol, _symbol),
            [.. traced.Of(type, part.Origin)]));

    private static void AddInterfaces(ClassText text, bool isModel, bool isTraceable, RewriteContext context, PartEdits edits)
    {
        TypeDeclarationSyntax type = text.Declarations.FirstOrDefault(part => part.BaseList is not null) ?? text.Declarations[0];
        string[] names =
        [
            .. isTraceable ? [context.Short(KnownSymbols.OnnxNamespace, "ITraceable", type)] : Array.Empty<string>(),
            .. isModel && text.Home is not null ? [context.Short(KnownSymbols.ModulesNamespace, QuantizedModelMembers.Interface, type)] : Array.Empty<string>(),
        ];
        if (names.Length == 0)
        {
            return;
        }

        string name = string.Join(", ", names);
        if (type.BaseList is { } bases)
        {
            edits.At(type).Insert(bases.Span.End, ", " + name);
        }
        else
        {
            SyntaxNodeOrToken head = type.ParameterList ?? (SyntaxNodeOrToken?)type.TypeParameterList ?? type.Identifier;
            edits.At(type).Insert(head.Span.End, " : " + name);
        }
    }

    private FreeNames FreeNames() => _parts[0].Names.Free();

    private static string ShortName(ClassPart part, string name) => part.Names.Short(KnownSymbols.RuntimeNamespace, name, part.Declaration.OpenBraceToken.SpanStart + 1);

    /// <summary>The file's name: the full name of the generated class, with a number for each part after the first.</summary>
    private string HintName(ClassPart part, Profile profile)
    {
        int number = _parts.IndexOf(part) + 1;
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
        return string.Join(".", parts) + (number > 1 ? $".{number}" : "") + ".g.cs";
    }
}
