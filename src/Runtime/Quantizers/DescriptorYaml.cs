using System.Globalization;
using QuantGen.Numerics.Formats;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace QuantGen.Quantizers;

/// <summary>A descriptor's dictionary as a YAML document, and back.</summary>
internal static class DescriptorYaml
{
    public static string Write(IReadOnlyDictionary<string, object?> fields)
    {
        YamlMappingNode mapping = [];
        foreach ((string key, object? value) in fields.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            mapping.Add(key, Node(value));
        }

        using StringWriter writer = new(CultureInfo.InvariantCulture);
        new YamlStream(new YamlDocument(mapping)).Save(writer, assignAnchors: false);
        return writer.ToString().ReplaceLineEndings("\n").Replace("\n...\n", "\n", StringComparison.Ordinal);
    }

    public static IReadOnlyDictionary<string, object?> Read(string yaml)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        try
        {
            YamlStream stream = [];
            stream.Load(new StringReader(yaml));
            return stream.Documents is [{ RootNode: YamlMappingNode mapping }]
                ? mapping.Children.ToDictionary(entry => Key(entry.Key), entry => Value(entry.Value))
                : throw new ArgumentException("A descriptor in YAML is one mapping, such as 'num_bits: 8'.", nameof(yaml));
        }
        catch (YamlException e)
        {
            throw new ArgumentException($"This is not YAML: {e.Message}", nameof(yaml), e);
        }
    }

    private static string Key(YamlNode node)
        => node is YamlScalarNode { Value: { } key } ? key : throw new ArgumentException("The keys of a descriptor in YAML are names, such as 'num_bits'.");

    private static YamlNode Node(object? value) => value switch
    {
        null => new YamlScalarNode("null"),
        bool flag => new YamlScalarNode(flag ? "true" : "false"),
        int number => new YamlScalarNode(number.ToString(CultureInfo.InvariantCulture)),
        double number => new YamlScalarNode(ReferenceText.Number(number)),
        // Quoted where it would be read as something else.
        string text => new YamlScalarNode(text) { Style = Scalar(text) is string ? ScalarStyle.Any : ScalarStyle.SingleQuoted },
        IReadOnlyList<object?> list => new YamlSequenceNode(list.Select(Node)),
        _ => throw new ArgumentException($"A descriptor holds no {value.GetType().Name}.", nameof(value)),
    };

    private static object? Value(YamlNode node) => node switch
    {
        YamlSequenceNode list => list.Children.Select(Value).ToArray(),
        YamlScalarNode { Style: ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted } scalar => scalar.Value,
        YamlScalarNode scalar => Scalar(scalar.Value ?? ""),
        _ => throw new ArgumentException("A descriptor's field is a value or a list, not a mapping."),
    };

    private static object? Scalar(string text) => text switch
    {
        "" or "null" or "~" => null,
        "true" => true,
        "false" => false,
        ".nan" or "nan" => double.NaN,
        ".inf" or "inf" => double.PositiveInfinity,
        _ when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) => number,
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
        _ => text,
    };
}
