using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace QuantGen.Generators.Mappings;

/// <summary>The symbols of TorchSharp and QuantGen in one compilation.</summary>
internal sealed class KnownSymbols
{
    public const string QuantizeAttribute = "QuantGen.QuantizeAttribute";
    public const string ProfileAttribute = "QuantGen.QuantizeProfileAttribute";
    public const string RuntimeNamespace = "QuantGen";
    public const string ModulesNamespace = "QuantGen.Modules";
    public const string OnnxNamespace = "QuantGen.Onnx";

    private static readonly ConditionalWeakTable<Compilation, KnownSymbols?> s_cache = new();

    private readonly Dictionary<string, (KnownModule Module, INamedTypeSymbol Quantized)> _modules = [];

    // Not there yet while the pairs themselves are read, which ask for the counterparts that the runtime has.
    private readonly ModulePairs? _pairs;
    private readonly Dictionary<ISymbol, List<AttributeData>> _fromAssembly = new(SymbolEqualityComparer.Default);
    private readonly INamedTypeSymbol? _fullPrecision;
    private readonly List<AttributeData> _profiles;

    private KnownSymbols(Compilation compilation, INamedTypeSymbol tensor, INamedTypeSymbol torch, INamedTypeSymbol nn, INamedTypeSymbol module, INamedTypeSymbol quantize)
    {
        (Tensor, Torch, Nn, Module, Quantize) = (tensor, torch, nn, module, quantize);
        _fullPrecision = compilation.GetTypeByMetadataName("QuantGen.FullPrecisionAttribute");
        Parameter = compilation.GetTypeByMetadataName("TorchSharp.Modules.Parameter");
        foreach (KnownModule known in TorchModules.Quantizable)
        {
            if (compilation.GetTypeByMetadataName($"{ModulesNamespace}.{known.QuantName}") is { DeclaredAccessibility: Accessibility.Public } quantized)
            {
                _modules.Add(known.Name, (known, quantized));
            }
        }

        INamedTypeSymbol? pair = compilation.GetTypeByMetadataName("QuantGen.QuantizedModuleAttribute");
        _pairs = new(this, compilation.Assembly.GetAttributes().Where(attribute => Same(attribute.AttributeClass, pair)));
        INamedTypeSymbol? profile = compilation.GetTypeByMetadataName(ProfileAttribute);
        _profiles = [.. compilation.Assembly.GetAttributes().Where(attribute => profile is not null && Same(attribute.AttributeClass, profile))];
        ReadAssembly(compilation);
        if (compilation.GetTypeByMetadataName($"{OnnxNamespace}.TracedTensor") is { } tracedTensor
            && compilation.GetTypeByMetadataName($"{OnnxNamespace}.TracedOps") is { } tracedOps
            && compilation.GetTypeByMetadataName($"{OnnxNamespace}.TracedModules") is { } tracedModules
            && compilation.GetTypeByMetadataName($"{OnnxNamespace}.ITraceable") is { } traceable)
        {
            Tracing = new(tracedTensor, tracedOps, tracedModules, traceable);
        }
    }

    public INamedTypeSymbol Tensor { get; }

    public INamedTypeSymbol? Parameter { get; }

    public INamedTypeSymbol Torch { get; }

    public INamedTypeSymbol Nn { get; }

    public INamedTypeSymbol Module { get; }

    public INamedTypeSymbol Quantize { get; }

    /// <summary>The types that record a model for ONNX; <see langword="null"/> where the runtime does not have them.</summary>
    public TracingSymbols? Tracing { get; }

    /// <summary>The symbols of a compilation, or <see langword="null"/> where it does not reference TorchSharp and QuantGen.</summary>
    public static KnownSymbols? Of(Compilation compilation) => s_cache.GetValue(compilation, static c => TryCreate(c)!);

    private static KnownSymbols? TryCreate(Compilation compilation)
        => compilation.GetTypeByMetadataName("TorchSharp.torch+Tensor") is { } tensor
            && compilation.GetTypeByMetadataName("TorchSharp.torch") is { } torch
            && compilation.GetTypeByMetadataName("TorchSharp.torch+nn") is { } nn
            && compilation.GetTypeByMetadataName("TorchSharp.torch+nn+Module") is { } module
            && compilation.GetTypeByMetadataName(QuantizeAttribute) is { } quantize
            ? new(compilation, tensor, torch, nn, module, quantize)
            : null;

    /// <summary>The classes that the assembly annotates, with their attributes.</summary>
    public IReadOnlyDictionary<ISymbol, List<AttributeData>> AnnotatedByAssembly => _fromAssembly;

    /// <summary>The profiles that the assembly declares for classes by their names.</summary>
    public IReadOnlyList<AttributeData> Profiles => _profiles;

    /// <summary>The pairs of modules that the assembly names and that cannot be used.</summary>
    public IReadOnlyList<(AttributeData Attribute, string Module, string Quantized, string Reason)> PairProblems => _pairs!.Problems;

    /// <summary>The counterpart of a type of <c>TorchSharp.Modules</c>.</summary>
    public bool TryGetQuantized(ITypeSymbol? type, out KnownModule module, out INamedTypeSymbol quantized)
    {
        (module, quantized) = (null!, null!);
        if (type is INamedTypeSymbol { ContainingNamespace: { Name: "Modules", ContainingNamespace: { Name: "TorchSharp", ContainingNamespace.IsGlobalNamespace: true } } }
            && _modules.TryGetValue(type.Name, out (KnownModule Module, INamedTypeSymbol Quantized) row))
        {
            (module, quantized) = row;
            return true;
        }

        if (type is INamedTypeSymbol { Arity: 0 } && _pairs?.TryGet(type, out row) == true)
        {
            (module, quantized) = row;
            return true;
        }

        return false;
    }

    /// <summary>Reads <c>[assembly: Quantize(typeof(…))]</c>.</summary>
    private void ReadAssembly(Compilation compilation)
    {
        foreach (AttributeData attribute in compilation.Assembly.GetAttributes())
        {
            if (Same(attribute.AttributeClass, Quantize) && attribute.ConstructorArguments is [{ Value: INamedTypeSymbol model }])
            {
                if (!_fromAssembly.TryGetValue(model.OriginalDefinition, out List<AttributeData> attributes))
                {
                    _fromAssembly.Add(model.OriginalDefinition, attributes = []);
                }

                attributes.Add(attribute);
            }
        }
    }

    /// <summary>Whether a type is <c>Tensor</c> or derives from it, as <c>Parameter</c> does.</summary>
    public bool IsTensor(ITypeSymbol? type) => Derives(type, Tensor);

    public bool IsModule(ITypeSymbol? type) => Derives(type, Module) || (type as ITypeParameterSymbol)?.ConstraintTypes.Any(IsModule) == true;

    /// <summary>Whether a type is <c>torch</c> or nested in it, as <c>torch.nn.functional</c> is.</summary>
    public bool IsTorch(INamedTypeSymbol? type)
    {
        for (; type is not null; type = type.ContainingType)
        {
            if (Same(type, Torch))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a method is TorchSharp's or of the base library; another may do anything.</summary>
    public bool IsLibrary(IMethodSymbol method)
        => method.MethodKind != MethodKind.DelegateInvoke && (Same(method.ContainingAssembly, Module.ContainingAssembly)
            || (method.ContainingNamespace?.ToDisplayString() is { } space && (space == "System" || space.StartsWith("System.", StringComparison.Ordinal))));

    public bool IsFullPrecision(ISymbol? symbol)
        => symbol is not null && symbol.GetAttributes().Any(a => Same(a.AttributeClass, _fullPrecision));

    /// <summary>
    /// The <c>[Quantize]</c> attributes of a symbol: of a class its own and those that the assembly has for it, of a field or property those of its class that
    /// name it, and
    /// then its own, which come after them and so decide.
    /// </summary>
    public IEnumerable<AttributeData> QuantizeAttributes(ISymbol symbol)
    {
        IEnumerable<AttributeData> own = symbol.GetAttributes().Where(attribute => Same(attribute.AttributeClass, Quantize));
        return symbol switch
        {
            INamedTypeSymbol type => Annotations(type).Concat(_profiles.Count == 0 ? [] : ProfilesOf(type)),
            IFieldSymbol or IPropertySymbol when symbol.ContainingType is { } owner && FieldSettings(owner).ToList() is { Count: > 0 } settings
                => settings.Where(setting => NamePattern.Matches(FieldsOf(setting)!, symbol.Name)).Concat(own),
            _ => own,
        };
    }

    /// <summary>The attributes of a class that are for its fields, and make no sibling.</summary>
    public IEnumerable<AttributeData> FieldSettings(INamedTypeSymbol type)
        => type.GetAttributes().Where(attribute => Same(attribute.AttributeClass, Quantize) && FieldsOf(attribute) is not null);

    /// <summary>The names of fields that an attribute of a class is for; <see langword="null"/> where it is for the class.</summary>
    public static string? FieldsOf(AttributeData attribute)
        => attribute.NamedArguments.FirstOrDefault(argument => argument.Key == "Fields").Value.Value is string { Length: > 0 } fields ? fields : null;

    /// <summary>The profiles of the assembly that are for a class.</summary>
    public IEnumerable<AttributeData> ProfilesOf(INamedTypeSymbol type)
        => type is { TypeKind: TypeKind.Class, IsStatic: false } && IsModule(type) && !IsFullPrecision(type)
            ? _profiles.Where(profile => ClassesOf(profile) is { } classes ? NamePattern.Matches(classes, type) : Annotations(type).Any())
            : [];

    /// <summary>The classes that a profile names; <see langword="null"/> for all that are annotated.</summary>
    public static string? ClassesOf(AttributeData profile)
        => profile.NamedArguments.FirstOrDefault(argument => argument.Key == "Classes").Value.Value is string { Length: > 0 } classes ? classes : null;

    /// <summary>The <c>[Quantize]</c>s of a class itself, on it or on the assembly.</summary>
    private IEnumerable<AttributeData> Annotations(INamedTypeSymbol type)
        => type.GetAttributes().Where(attribute => Same(attribute.AttributeClass, Quantize) && FieldsOf(attribute) is null)
            .Concat(_fromAssembly.TryGetValue(type, out List<AttributeData> attributes) ? attributes : []);

    public static bool Same(ISymbol? a, ISymbol? b) => SymbolEqualityComparer.Default.Equals(a, b);

    private static bool Derives(ITypeSymbol? type, INamedTypeSymbol from)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (Same(type.OriginalDefinition, from))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>The types that record a model for ONNX, which are also the table of what can be recorded.</summary>
/// <param name="Tensor">Has the operations of <c>Tensor</c>.</param>
/// <param name="Operations">Has the functions of <c>torch</c> and <c>torch.nn.functional</c>.</param>
/// <param name="Modules">Has <c>call</c> and <c>forward</c> of modules.</param>
/// <param name="Traceable">The interface of a module that can be recorded.</param>
internal sealed record TracingSymbols(INamedTypeSymbol Tensor, INamedTypeSymbol Operations, INamedTypeSymbol Modules, INamedTypeSymbol Traceable);
