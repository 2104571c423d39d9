using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Diagnostics;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Rewriting;

/// <summary>Decides which names of modules' types stay as they are, so that all that meets agrees on its type.</summary>
/// <remarks>
/// A <c>Conv2d</c> becomes a <c>QuantConv2d</c> only if everything that it is assigned from and given to does so too. A slot
/// that takes a <c>Conv2d</c> from code that does not change (a method of another class, <c>[FullPrecision]</c>) keeps its
/// type, and all that is connected with it; under an abstract type such as <c>Module&lt;Tensor, Tensor&gt;</c> both can stand.
/// This part reads statements, the others what is given and found, and tell to which slot it belongs.
/// </remarks>
internal sealed partial class TypeAgreement
{
    private const string Meeting = "what it is connected with stays in full precision";

    private readonly RewriteContext _context;
    private readonly BoundaryCalls _boundary;
    private readonly ChangingTypes _types;
    private readonly TypeSlots _slots = new();

    private TypeAgreement(RewriteContext context, BoundaryCalls boundary) => (_context, _boundary, _types) = (context, boundary, new(context));

    public List<DiagnosticInfo> Diagnostics { get; } = [];

    /// <summary>Whether the class itself would have to stay as it is.</summary>
    public bool IsImpossible { get; private set; }

    public static TypeAgreement Read(IEnumerable<ClassText> texts, BoundaryCalls boundary, RewriteContext context)
    {
        TypeAgreement agreement = new(context, boundary);
        foreach (ClassText text in texts)
        {
            agreement.ReadContracts(text);
            foreach (IOperation operation in text.AllOperations.SelectMany(body => body.DescendantsAndSelf()))
            {
                context.Cancellation.ThrowIfCancellationRequested();
                agreement.Visit(operation);
            }
        }

        foreach (VariableDeclarationSyntax declaration in context.Parts.SelectMany(part => part.Declaration.DescendantNodes()).OfType<VariableDeclarationSyntax>().Where(d => d.Variables.Count > 1))
        {
            foreach (VariableDeclaratorSyntax variable in declaration.Variables.Skip(1))
            {
                agreement.Join(agreement.Declared(declaration.Variables[0]), agreement.Declared(variable), variable);
            }
        }

        agreement.Report();
        return agreement;
    }

    /// <summary>Whether a type, or a part of it, is another one in the generated class.</summary>
    public bool Changes(ITypeSymbol type) => _types.Changes(type);

    /// <summary>Whether a name of a type, or a call of a factory, stays as it is.</summary>
    public bool Keeps(SyntaxNode node) => _context.IsFullPrecision(node) || (Owner(node) is { } owner && _slots.IsFixed(owner));

    private void Report()
    {
        foreach ((SyntaxNode place, string reason, bool impossible) in _slots.Obstacles(Meeting))
        {
            IsImpossible |= impossible;
            Diagnostics.Add(impossible
                ? DiagnosticInfo.Create(Rules.NotAModel, place, _context.Symbol.Name, reason)
                : DiagnosticInfo.Create(Rules.TypeStays, place, place.ToString().Split('\n')[0].Trim(), reason));
        }
    }

    private void Visit(IOperation operation)
    {
        switch (operation)
        {
            case IVariableDeclaratorOperation { Initializer.Value: { } value } declarator: Give(value, Slot(declarator.Symbol)); break;
            case IFieldInitializerOperation initializer:
                foreach (IFieldSymbol field in initializer.InitializedFields)
                {
                    Give(initializer.Value, Slot(field));
                }

                break;
            case IPropertyInitializerOperation { InitializedProperties: [var property] } initializer: Give(initializer.Value, Slot(property)); break;
            case IParameterInitializerOperation { Parameter: { } parameter } initializer: Give(initializer.Value, Slot(parameter)); break;
            case IDeconstructionAssignmentOperation assignment: Deconstruct(assignment.Target, assignment.Value); break;
            case ISimpleAssignmentOperation assignment: Give(assignment.Value, ValueSlot(assignment.Target)); break;
            case ICoalesceAssignmentOperation assignment: Give(assignment.Value, ValueSlot(assignment.Target)); break;
            case IArgumentOperation { Parameter: { } parameter } argument: Argue(argument, parameter); break;
            case IReturnOperation { ReturnedValue: { } value } statement: Give(value, ReturnSlot(statement)); break;
            case IForEachLoopOperation loop: Loop(loop); break;
            case IPatternOperation pattern: Match(pattern); break;
            case IConversionOperation conversion: Convert(conversion); break;
            case ICollectionExpressionOperation collection when _types.IsStable(collection.Type): Collect(collection); break;
            case IDelegateCreationOperation creation when _types.IsStable(creation.Type): Delegate(creation); break;
            case IMemberReferenceOperation { Instance: { } instance } reference: Access(instance, reference.Member, reference.Syntax, IsWritten(reference)); break;
            case IInvocationOperation { Instance: { } instance } call:
                Access(instance, call.TargetMethod, call.Syntax, isWritten: false);
                ValueSlot(call);
                break;
            case IObjectCreationOperation { Constructor: { } constructor } creation
                when _context.Known.TryGetQuantized(creation.Type, out _, out INamedTypeSymbol quantized) && FactoryRewriter.Counterpart(quantized, constructor) is null:
                Fix(ValueSlot(creation), creation.Syntax, $"'{quantized.Name}' has no constructor that takes the same");
                break;
            case IInvocationOperation or IConditionalOperation or ICoalesceOperation or ISwitchExpressionOperation or IArrayCreationOperation or IObjectCreationOperation:
                ValueSlot(operation);
                break;
        }
    }

    private void Give(IOperation value, object? slot)
    {
        if (slot is null)
        {
            return;
        }

        if (Plain(value) is not IAnonymousFunctionOperation lambda || _types.MentionsReplaced(lambda.Symbol.ReturnType))
        {
            Join(ValueSlot(value), slot, value.Syntax);
        }

        foreach (IParameterSymbol parameter in LambdaParameters(value))
        {
            Join(Slot(parameter), slot, value.Syntax);
        }
    }

    /// <summary>A value goes to a place that keeps its type.</summary>
    private void FixValue(IOperation value, string reason)
    {
        Fix(ValueSlot(value), value.Syntax, reason);
        foreach (IParameterSymbol parameter in LambdaParameters(value))
        {
            Fix(Slot(parameter), value.Syntax, reason);
        }
    }

    /// <summary>The parameters of a lambda whose types go with that of the delegate.</summary>
    private IEnumerable<IParameterSymbol> LambdaParameters(IOperation value)
        => Plain(value) is IAnonymousFunctionOperation lambda ? lambda.Symbol.Parameters.Where(parameter => _types.MentionsReplaced(parameter.Type)) : [];

    /// <summary>A base class of TorchSharp's layer, such as <c>Convolution</c>, is none of the quantized one.</summary>
    private void Convert(IConversionOperation conversion)
    {
        if (!conversion.IsImplicit)
        {
            ValueSlot(conversion);
        }

        if (conversion.Operand.Type is { } from && conversion.Type is { } to && _types.Changes(from) && !_types.Changes(to)
            && conversion is { OperatorMethod: null } && conversion.GetConversion().IsImplicit && !_types.StillFits(from, to))
        {
            Fix(ValueSlot(conversion.Operand), conversion.Operand.Syntax, $"it is used as '{to.Name}', which its quantized counterpart is not");
        }
    }

    private static bool IsWritten(IMemberReferenceOperation reference) => reference.Parent switch
    {
        IAssignmentOperation assignment => assignment.Target == reference,
        ITupleOperation { Parent: IDeconstructionAssignmentOperation assignment } tuple => assignment.Target == tuple,
        IIncrementOrDecrementOperation => true,
        IArgumentOperation { Parameter.RefKind: not RefKind.None } => true,
        _ => false,
    };

    private void Access(IOperation instance, ISymbol member, SyntaxNode place, bool isWritten)
    {
        // An extension belongs to the type that the instance is converted to.
        bool isExtension = instance is IConversionOperation { Type: { } to } && !_types.Changes(to);
        if (!isExtension && !_types.StillHas(Plain(instance).Type, member, isWritten))
        {
            Fix(ValueSlot(instance), place, $"its quantized counterpart has no '{member.Name}' like this");
        }
    }

    /// <summary>What overrides or implements something of code that does not change keeps its signature.</summary>
    private void ReadContracts(ClassText text)
    {
        foreach (ISymbol member in text.Symbol.GetMembers())
        {
            ISymbol? contract = member switch
            {
                IMethodSymbol { OverriddenMethod: { } method } => method,
                IPropertySymbol { OverriddenProperty: { } property } => property,
                IMethodSymbol or IPropertySymbol => text.Symbol.AllInterfaces.Where(type => !_context.IsInside(type)).SelectMany(type => type.GetMembers())
                    .FirstOrDefault(wanted => KnownSymbols.Same(text.Symbol.FindImplementationForInterfaceMember(wanted), member)),
                _ => null,
            };
            if (contract is null || member is IMethodSymbol { AssociatedSymbol: not null } || member.DeclaringSyntaxReferences is not [var reference])
            {
                continue;
            }

            SyntaxNode place = reference.GetSyntax(_context.Cancellation) switch
            {
                MethodDeclarationSyntax method => method.ReturnType,
                BasePropertyDeclarationSyntax property => property.Type,
                SyntaxNode other => other,
            };
            Agree(member, contract, place);
            foreach ((IParameterSymbol mine, IParameterSymbol theirs) in Parameters(member).Zip(Parameters(contract), (a, b) => (a, b)))
            {
                Agree(mine, theirs, place);
            }
        }
    }

    private void Agree(ISymbol mine, ISymbol theirs, SyntaxNode place)
    {
        ISymbol definition = theirs.OriginalDefinition;
        ISymbol owner = definition is IParameterSymbol ? definition.ContainingSymbol : definition;
        if (IsOfText(owner))
        {
            Join(Slot(mine), Slot(definition), place);
        }
        else if (!_types.Changes(TypeOf(definition)) && _types.Changes(TypeOf(theirs)) && Slot(mine) is { } slot)
        {
            // Of a type argument in the list of bases, which cannot stay.
            string reason = $"'{owner.ContainingType.Name}.{owner.Name}' is of the type that the list of bases names";
            if (_slots.IsFixed(slot))
            {
                _slots.Fix(slot, place, reason);
            }

            _slots.Join(slot, TypeSlots.Own);
        }
        else if (_types.Changes(TypeOf(definition)) && !IsOfSibling(owner))
        {
            Fix(Slot(mine), place, $"'{owner.ContainingType.Name}.{owner.Name}' prescribes '{TypeOf(definition)!.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}'");
        }
    }

    private static ImmutableArray<IParameterSymbol> Parameters(ISymbol member)
        => member is IMethodSymbol method ? method.Parameters : ((member as IPropertySymbol)?.Parameters ?? []);
}
