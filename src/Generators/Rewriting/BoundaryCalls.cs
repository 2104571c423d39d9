using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Diagnostics;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Rewriting;

/// <summary>Which calls give modules that other code makes and that become part of the model, where they can be quantized at run time.</summary>
/// <remarks>
/// A module becomes part of the model in constructors and initialisers, in methods that give modules, and where it is assigned to a
/// member or put into a container. Elsewhere it may be a module that others hold, of which a copy would be of no use.
/// </remarks>
internal sealed class BoundaryCalls
{
    public const string Converter = "QuantModules";

    private readonly Dictionary<SyntaxNode, BoundaryCall> _calls = [];
    private readonly RewriteContext _context;
    private readonly HashSet<ISymbol> _convertible;
    private readonly ForeignDelegates _delegates;

    private BoundaryCalls(RewriteContext context, ForeignDelegates delegates)
    {
        (_context, _delegates) = (context, delegates);

        // An LSTM, which has more to be told, is not among them.
        IEnumerable<IMethodSymbol> conversions = context.Compilation.GetTypeByMetadataName($"{KnownSymbols.ModulesNamespace}.{Converter}")?.GetMembers("Convert").OfType<IMethodSymbol>() ?? [];
        _convertible = new(
            conversions.Where(method => method.Parameters.Skip(1).All(parameter => parameter.IsOptional)).Select(method => method.Parameters[0].Type),
            SymbolEqualityComparer.Default);
    }

    public static BoundaryCalls Read(IEnumerable<ClassText> texts, RewriteContext context)
    {
        BoundaryCalls calls = new(context, new(texts));
        if (context.Profile.Input.None || context.Profile.Weight.None)
        {
            return calls;
        }

        foreach (ClassText text in texts)
        {
            calls.Read(text.Initialization, isMaking: true);
            foreach (KeyValuePair<IMethodSymbol, IOperation> method in text.Methods)
            {
                bool isMaker = method.Key.MethodKind == MethodKind.Ordinary && IsOfModules(method.Key.ReturnType, context);
                if (method.Key.MethodKind != MethodKind.PropertyGet && !TakesTensor(method.Key, context))
                {
                    calls.Read([method.Value], isMaker);
                }
            }
        }

        return calls;
    }

    public IEnumerable<BoundaryCall> All => _calls.Values;

    /// <summary>Whether a call gives a layer of a concrete type, which is exchanged for that of its counterpart.</summary>
    public bool GivesLayer(IInvocationOperation call) => _calls.TryGetValue(call.Syntax, out BoundaryCall found) && found.IsLayer;

    private void Read(IEnumerable<IOperation> bodies, bool isMaking)
    {
        foreach (IOperation operation in bodies.SelectMany(body => body.DescendantsAndSelf()))
        {
            string? name = operation switch
            {
                IInvocationOperation call when IsElsewhere(call) => $"{call.TargetMethod.ContainingType.Name}.{call.TargetMethod.Name}",

                // Of a concrete type, what the delegate gives goes with the delegate's own type, which stays.
                IInvocationOperation { TargetMethod.ReturnType: var made } call when _delegates.Contain(call) && !_context.Known.TryGetQuantized(made, out _, out _)
                    => DiagnosticInfo.OneLine(call.Instance!.Syntax),
                IObjectCreationOperation { Type: INamedTypeSymbol made } when IsCompiledClass(made) => "new " + made.Name,
                _ => null,
            };
            if (name is null || operation.Type is not INamedTypeSymbol type || !BecomesPart(operation, isMaking) || _context.IsFullPrecision(operation.Syntax))
            {
                continue;
            }

            if (_convertible.Contains(type))
            {
                _calls[operation.Syntax] = new(operation.Syntax, name, null, _context.Known.TryGetQuantized(type, out KnownModule module, out _) && _context.Quantizes(module));
            }
            else if (IsClass(type))
            {
                _calls[operation.Syntax] = new(operation.Syntax, name, type, IsLayer: false);
            }
        }
    }

    /// <summary>Whether a class of modules is not of this model, and has no counterpart as a whole.</summary>
    private bool IsClass(INamedTypeSymbol type)
        => _context.Known.IsModule(type) && ModuleFields.IsOfUser(type, _context.Known) && !_context.IsInside(type) && !_context.Known.IsFullPrecision(type)
            && !_context.Known.TryGetQuantized(type, out _, out _);

    /// <summary>Whether a class comes from another assembly, where nobody can annotate it.</summary>
    private bool IsCompiledClass(INamedTypeSymbol type)
        => IsClass(type) && !KnownSymbols.Same(type.ContainingAssembly, _context.Compilation.Assembly) && SiblingModels.NameOf(type, _context) is null;

    /// <summary>Whether a method is neither of the class nor of another model, TorchSharp or QuantGen, so that what it makes is made elsewhere.</summary>
    private bool IsElsewhere(IInvocationOperation call)
    {
        IMethodSymbol method = call.TargetMethod.OriginalDefinition;
        return method.MethodKind is MethodKind.Ordinary or MethodKind.ReducedExtension
            && method.ReturnType is INamedTypeSymbol
            && !method.ReturnsByRef
            && !method.ReturnsByRefReadonly
            && !KnownSymbols.Same(method.ContainingAssembly, _context.Known.Module.ContainingAssembly)
            && !KnownSymbols.Same(method.ContainingAssembly, _context.Known.Quantize.ContainingAssembly)
            && !_context.IsInside(method.ContainingType)
            && SiblingModels.NameOf(method.ContainingType, _context) is null
            && call.Syntax.GetFirstToken().Parent is not Microsoft.CodeAnalysis.CSharp.Syntax.MemberBindingExpressionSyntax;
    }

    private static bool IsUnused(IOperation made) => made.Parent is IExpressionStatementOperation;

    private bool BecomesPart(IOperation call, bool isMaking)
    {
        for (IOperation? outer = call.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is IAnonymousFunctionOperation lambda && TakesTensor(lambda.Symbol, _context))
            {
                return false;
            }
        }

        if (isMaking)
        {
            return !IsUnused(call);
        }

        IOperation value = call;
        while (value.Parent is IConversionOperation or IParenthesizedOperation or ITupleOperation or ICoalesceOperation or IConditionalOperation)
        {
            value = value.Parent;
        }

        return value.Parent is IArgumentOperation
            || (value.Parent is IAssignmentOperation { Target: IFieldReferenceOperation or IPropertyReferenceOperation } assignment && assignment.Value == value);
    }

    private static bool TakesTensor(IMethodSymbol method, RewriteContext context) => method.Parameters.Any(parameter => context.Known.IsTensor(parameter.Type));

    private static bool IsOfModules(ITypeSymbol type, RewriteContext context) => context.Known.IsModule(type) || type switch
    {
        IArrayTypeSymbol array => IsOfModules(array.ElementType, context),
        INamedTypeSymbol named => named.TypeArguments.Any(argument => IsOfModules(argument, context)),
        _ => false,
    };
}
