using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace QuantGen.Generators.Rewriting;

/// <summary>Writes what <c>[LoggerMessage]</c> means: a call of the logger that the class holds, with the parameters in the order of the message.</summary>
internal static class LoggerMessage
{
    private const string Namespace = "Microsoft.Extensions.Logging";

    /// <summary>The body of a method with the attribute, or <see langword="null"/> for another.</summary>
    public static string? Body(IMethodSymbol method)
    {
        if (method.GetAttributes().FirstOrDefault(IsLoggerMessage) is not { } attribute || Logger(method) is not { } logger)
        {
            return null;
        }

        Dictionary<string, object?> settings = attribute.NamedArguments.ToDictionary(argument => argument.Key, argument => argument.Value.Value);
        foreach ((IParameterSymbol parameter, TypedConstant value) in attribute.AttributeConstructor?.Parameters.Zip(attribute.ConstructorArguments, (a, b) => (a, b)) ?? [])
        {
            settings[char.ToUpperInvariant(parameter.Name[0]) + parameter.Name.Substring(1)] = value.Value;
        }

        string level = method.Parameters.FirstOrDefault(parameter => parameter.Type.Name == "LogLevel") is { } given
            ? "@" + given.Name
            : $"(global::{Namespace}.LogLevel){(settings.TryGetValue("Level", out object? number) ? Convert.ToInt32(number, CultureInfo.InvariantCulture) : 2)}";
        int id = settings.TryGetValue("EventId", out object? said) && said is int eventId ? eventId : 0;
        string name = settings.TryGetValue("EventName", out object? called) && called is string eventName ? eventName : method.Name;
        string message = settings.TryGetValue("Message", out object? text) ? text as string ?? "" : "";
        string error = method.Parameters.FirstOrDefault(parameter => IsException(parameter.Type)) is { } thrown ? "@" + thrown.Name : "null";
        IEnumerable<string> values = Regex.Matches(message, @"(?<!\{)\{@?(\w+)").Cast<Match>()
            .Select(hole => method.Parameters.FirstOrDefault(parameter => parameter.Name.Equals(hole.Groups[1].Value, StringComparison.OrdinalIgnoreCase)))
            .Select(parameter => parameter is null ? "null" : "@" + parameter.Name);
        string[] arguments =
        [
            logger, level, $"new global::{Namespace}.EventId({id.ToString(CultureInfo.InvariantCulture)}, {SymbolDisplay.FormatLiteral(name, quote: true)})",
            error, SymbolDisplay.FormatLiteral(message, quote: true), .. values,
        ];
        return $" => global::{Namespace}.LoggerExtensions.Log({string.Join(", ", arguments)});";
    }

    private static bool IsLoggerMessage(AttributeData attribute)
        => attribute.AttributeClass is { Name: "LoggerMessageAttribute", ContainingNamespace: { } space } && space.ToDisplayString() == Namespace;

    /// <summary>The parameter, the field or property, or the parameter of the primary constructor that is a logger.</summary>
    private static string? Logger(IMethodSymbol method)
    {
        IEnumerable<ISymbol> members = method.ContainingType.GetMembers().Where(member => !member.IsImplicitlyDeclared);
        IEnumerable<ISymbol> primary = method.ContainingType.InstanceConstructors.SelectMany(constructor => constructor.Parameters);
        return method.Parameters.Cast<ISymbol>().Concat(members).Concat(primary).FirstOrDefault(candidate => IsLogger(TypeOf(candidate))) is { } logger ? "@" + logger.Name : null;
    }

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        IParameterSymbol parameter => parameter.Type,
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        _ => null,
    };

    private static bool IsLogger(ITypeSymbol? type)
        => type is not null
            && type.AllInterfaces.Prepend(type).Any(candidate => candidate.Name == "ILogger" && candidate.ContainingNamespace?.ToDisplayString() == Namespace);

    private static bool IsException(ITypeSymbol? type) => type is not null && (type.ToDisplayString() == "System.Exception" || IsException(type.BaseType));
}
