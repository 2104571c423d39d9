using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Diagnostics;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Rewriting;

/// <summary>Tells of layers that stay in full precision without the user's having said so.</summary>
internal static class UnquantizedLayers
{
    public static void Report(IEnumerable<ClassText> texts, RewriteContext context, TypeAgreement agreement, List<DiagnosticInfo> diagnostics)
    {
        // A profile that quantizes no module leaves them all.
        if (context.Profile.Input.None && context.Profile.Weight.None)
        {
            return;
        }

        foreach (ClassText text in texts)
        {
            ReportBase(text, context, diagnostics);
            foreach (IOperation operation in text.AllOperations.SelectMany(body => body.DescendantsAndSelf()))
            {
                context.Cancellation.ThrowIfCancellationRequested();
                if (operation.IsImplicit || context.IsLeftByUser(operation.Syntax))
                {
                    continue;
                }

                switch (operation)
                {
                    case IInvocationOperation call when KnownSymbols.Same(call.TargetMethod.ContainingType, context.Known.Nn):
                        ReportFactory(call, context, diagnostics);
                        break;
                    case IObjectCreationOperation { Type: INamedTypeSymbol type }:
                        ReportCreation(operation.Syntax, type, context, diagnostics);
                        break;
                    case IFieldReferenceOperation or IPropertyReferenceOperation { Arguments.IsEmpty: true }:
                        ReportMember((IMemberReferenceOperation)operation, context, agreement, diagnostics);
                        break;
                }
            }
        }
    }

    private static void ReportFactory(IInvocationOperation call, RewriteContext context, List<DiagnosticInfo> diagnostics)
    {
        TorchModule row = TorchModules.Of(call.TargetMethod.Name);
        if (call.TargetMethod.ReturnType.Name != row.Name || !(row.Matrices > 0 || row.Counterpart is not null))
        {
            return;
        }

        bool hasCounterpart = context.Known.TryGetQuantized(call.TargetMethod.ReturnType, out KnownModule module, out INamedTypeSymbol quantized);
        if (hasCounterpart && (!context.Quantizes(module) || module.OnRequest))
        {
            return;
        }

        if (context.MadeAtEachCall.Contains(call.Syntax))
        {
            if (hasCounterpart)
            {
                diagnostics.Add(DiagnosticInfo.Create(Rules.MadeAtEachCall, call.Syntax, DiagnosticInfo.OneLine(call.Syntax)));
            }
        }
        else if (!hasCounterpart)
        {
            string matrices = Count(row.Matrices, "matrix", "matrices");
            Add(call.Syntax, $"'{row.Name}' has no quantized counterpart; a layer of it holds {matrices} of weights", diagnostics);
        }
        else if (!FactoryRewriter.IsQuantized(call, context, out _, out _))
        {
            Add(call.Syntax, $"'{quantized.Name}' has no constructor that takes the same", diagnostics);
        }
    }

    /// <summary>A module class of the project that has no <c>[Quantize]</c>. What is compiled is converted at run time.</summary>
    private static void ReportCreation(SyntaxNode creation, INamedTypeSymbol type, RewriteContext context, List<DiagnosticInfo> diagnostics)
    {
        if (IsForeignModule(type, context)
            && KnownSymbols.Same(type.ContainingAssembly, context.Compilation.Assembly)
            && ModuleFields.Of(type, context.Known) is { Count: > 0 } layers)
        {
            Add(creation, $"'{type.Name}' has no [Quantize]; {Layers(layers)}", diagnostics);
        }
    }

    private static void ReportBase(ClassText text, RewriteContext context, List<DiagnosticInfo> diagnostics)
    {
        if (text.Symbol.BaseType is { } parent && IsForeignModule(parent, context) && ModuleFields.Of(parent, context.Known) is { Count: > 0 } layers
            && text.Declarations.FirstOrDefault(type => type.BaseList is not null)?.BaseList is { Types: [var place, ..] })
        {
            Add(place.Type, $"it has no [Quantize]; {Layers(layers)}", diagnostics);
        }
    }

    /// <summary>A module that other code holds, under its abstract type; of a concrete one the agreement of types tells.</summary>
    private static void ReportMember(IMemberReferenceOperation reference, RewriteContext context, TypeAgreement agreement, List<DiagnosticInfo> diagnostics)
    {
        bool isOfOthers = reference.Type is INamedTypeSymbol type && context.Known.IsModule(type) && !agreement.Changes(type)
            && !context.IsInside(reference.Member.ContainingType)
            && reference.Instance is null && ModuleFields.IsOfUser(reference.Member.ContainingType, context.Known)
            && (type.Name is "Module" or "Sequential" or "ModuleList" or "ModuleDict" || IsForeignModule(type, context));
        IOperation value = reference;
        while (value.Parent is IConversionOperation or IParenthesizedOperation)
        {
            value = value.Parent;
        }

        bool isHeld = value.Parent is IFieldInitializerOperation or IPropertyInitializerOperation
            or IAssignmentOperation { Target: IFieldReferenceOperation or IPropertyReferenceOperation };
        if (isOfOthers && isHeld)
        {
            Add(reference.Syntax, "it is a module that other code holds; make one here, or convert it there by QuantModules.Convert", diagnostics);
        }
    }

    /// <summary>Whether a class of modules is of other code and has no sibling.</summary>
    private static bool IsForeignModule(INamedTypeSymbol type, RewriteContext context)
        => context.Known.IsModule(type)
            && ModuleFields.IsOfUser(type, context.Known)
            && !context.IsInside(type)
            && !context.Known.IsFullPrecision(type)
            && !context.Known.TryGetQuantized(type, out _, out _)
            && SiblingModels.NameOf(type, context) is null;

    private static string Layers(IReadOnlyList<string> names)
        => $"{Count(names.Count, "module", "modules")} in it ({string.Join(", ", names)}) can hold layers";

    private static string Count(int number, string one, string several) => number == 1 ? $"1 {one}" : $"{number} {several}";

    private static void Add(SyntaxNode place, string reason, List<DiagnosticInfo> diagnostics)
        => diagnostics.Add(DiagnosticInfo.Create(Rules.LayersStay, place, DiagnosticInfo.OneLine(place), reason));
}
