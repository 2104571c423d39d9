using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.DataFlow;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Rewriting;

/// <summary><c>Conv2d(1, 8, 3)</c> becomes <c>new QuantConv2d(1, 8, 3, input: Quantization.Input, weight: Quantization.Weight)</c>.</summary>
internal static class FactoryRewriter
{
    public static void Rewrite(IOperation body, RewriteContext context, TypeAgreement agreement, InputSigns signs, EditList edits)
    {
        foreach (IOperation operation in body.DescendantsAndSelf())
        {
            if (operation is IInvocationOperation { Syntax: InvocationExpressionSyntax call } invocation
                && IsQuantized(invocation, context, out KnownModule module, out INamedTypeSymbol quantized)
                && !agreement.Keeps(call))
            {
                edits.Replace(call.Expression.Span, "new " + context.Short(quantized, call));
                AddDescriptors(call, call.ArgumentList, invocation.TargetMethod, module, signs.IsNonNegative(operation), context, edits);
            }
            else if (operation is IObjectCreationOperation { Syntax: BaseObjectCreationExpressionSyntax { ArgumentList: { } list } creation } made
                && context.Known.TryGetQuantized(made.Type, out module, out quantized)
                && made.Constructor is { } constructor
                && Counterpart(quantized, constructor) is { } counterpart
                && counterpart.Parameters.Skip(constructor.Parameters.Length).Any(parameter => parameter.Name == "input")
                && !agreement.Keeps(creation))
            {
                // A module of the user's own: its name is replaced as that of a type.
                AddDescriptors(creation, list, constructor, module, signs.IsNonNegative(operation), context, edits);
            }
        }
    }

    /// <summary>The constructor of the counterpart that takes what a constructor takes.</summary>
    public static IMethodSymbol? Counterpart(INamedTypeSymbol quantized, IMethodSymbol constructor)
        => quantized.InstanceConstructors.FirstOrDefault(candidate => candidate.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal
            && candidate.Parameters.Length >= constructor.Parameters.Length
            && candidate.Parameters.Skip(constructor.Parameters.Length).All(parameter => parameter.IsOptional)
            && constructor.Parameters.All(p => candidate.Parameters[p.Ordinal] is var c && c.Name == p.Name && KnownSymbols.Same(c.Type, p.Type)));

    /// <summary>Whether a call makes a module that can be made quantized instead.</summary>
    public static bool IsQuantized(IInvocationOperation invocation, RewriteContext context, out KnownModule module, out INamedTypeSymbol quantized)
    {
        (module, quantized) = (null!, null!);
        return KnownSymbols.Same(invocation.TargetMethod.ContainingType, context.Known.Nn)
            && context.Known.TryGetQuantized(invocation.TargetMethod.ReturnType, out module, out quantized)
            && invocation.TargetMethod.Name == module.Name
            && context.Quantizes(module)
            && (!module.OnRequest || context.Request(invocation.Syntax) is not null)
            && HasConstructor(quantized, invocation.TargetMethod)
            && !context.IsFullPrecision(invocation.Syntax);
    }

    private static void AddDescriptors(
        ExpressionSyntax call, ArgumentListSyntax list, IMethodSymbol target, KnownModule module, bool isNonNegative, RewriteContext context, EditList edits)
    {
        (Profile, string) place = context.PlaceOf(call);
        List<string> arguments = ["input: " + context.Descriptors.Input(place, isNonNegative)];
        if (module.HasWeight)
        {
            // Where the weight itself is an argument, as of Linear(weight), its descriptor has another name.
            string name = target.Parameters.Any(parameter => parameter.Name == "weight") ? "weightQuantization" : "weight";
            arguments.Add($"{name}: {context.Descriptors.Weight(module.Transposed, place)}");
        }

        SeparatedSyntaxList<ArgumentSyntax> given = list.Arguments;
        edits.Insert(
            given.Count > 0 ? given.Last().Span.End : list.OpenParenToken.Span.End,
            (given.Count > 0 ? ", " : "") + string.Join(", ", arguments));
    }

    /// <summary>Whether a constructor takes what the factory takes, by the same names and in the same order.</summary>
    private static bool HasConstructor(INamedTypeSymbol quantized, IMethodSymbol factory)
        => quantized.InstanceConstructors.Any(constructor => constructor.DeclaredAccessibility == Accessibility.Public
            && constructor.Parameters.Length > factory.Parameters.Length
            && factory.Parameters.All(p => constructor.Parameters[p.Ordinal] is var c && c.Name == p.Name && KnownSymbols.Same(c.Type, p.Type)));
}
