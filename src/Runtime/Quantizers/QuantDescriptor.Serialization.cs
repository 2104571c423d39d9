using QuantGen.Quantizers;
namespace QuantGen;

/// <content>Dictionaries and YAML, with the reference's keys; everything comes back as it was.</content>
public sealed partial record QuantDescriptor
{
    /// <summary>
    /// The descriptor as the reference's keys and values: <c>num_bits</c> and <c>name</c>, and of the others those that differ from their default.
    /// Values are null, booleans, integers, doubles, strings, and (nested) lists of these.
    /// </summary>
    public IReadOnlyDictionary<string, object?> ToDictionary()
    {
        Dictionary<string, object?> fields = new() { ["num_bits"] = NumBits.IsE4M3 ? new object[] { 4, 3 } : NumBits.Bits, ["name"] = Name };
        void Add(bool isSet, string key, object? value)
        {
            if (isSet)
            {
                fields[key] = value;
            }
        }

        Add(!FakeQuant, "fake_quant", false);
        Add(Axis is not null, "axis", Axis is { IsList: false } ? Axis[0] : Axis?.Cast<object>().ToArray());
        Add(Amax is not null, "amax", Amax?.ToNested());
        Add(Amin is not null, "amin", (double?)Amin);
        Add(LearnAmax, "learn_amax", true);
        Add(LearnStep, "learn_step", true);
        Add(ScaleAmax is not null, "scale_amax", ScaleAmax);
        Add(CalibrationMethod != CalibrationMethod.Max, "calib_method", CalibrationMethod.ToString());
        Add(Unsigned, "unsigned", true);
        Add(NarrowRange, "narrow_range", true);
        Add(DetectUnsigned, "detect_unsigned", true);
        Add(Affine, "affine", true);
        Add(IsNone, "none", true);
        return fields;
    }

    /// <summary>The descriptor that <see cref="ToDictionary"/> describes.</summary>
    /// <param name="fields">Keys and values; keys that are missing have their default.</param>
    /// <exception cref="ArgumentException">An unknown key, or a value that its key cannot have.</exception>
    public static QuantDescriptor FromDictionary(IReadOnlyDictionary<string, object?> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        QuantDescriptor descriptor = new();
        foreach ((string key, object? value) in fields)
        {
            DescriptorField field = new(key, value);
            descriptor = key switch
            {
                "num_bits" => descriptor with { NumBits = field.NumBits() },
                "name" => descriptor with { Name = field.Text() },
                "fake_quant" => descriptor with { FakeQuant = field.Flag() },
                "axis" => descriptor with { Axis = field.Axes() },
                "amax" => descriptor with { Amax = field.Amax() },
                "amin" => descriptor with { Amin = (float?)field.Number() },
                "learn_amax" => descriptor with { LearnAmax = field.Flag() },
                "learn_step" => descriptor with { LearnStep = field.Flag() },
                "scale_amax" => descriptor with { ScaleAmax = field.Number() },
                "calib_method" => descriptor with { CalibrationMethod = CalibrationMethod.Parse(field.Text() ?? "") },
                "unsigned" => descriptor with { Unsigned = field.Flag() },
                "narrow_range" => descriptor with { NarrowRange = field.Flag() },
                "detect_unsigned" => descriptor with { DetectUnsigned = field.Flag() },
                "affine" => descriptor with { Affine = field.Flag() },
                "none" => descriptor with { IsNone = field.Flag() },
                _ => throw new ArgumentException(
                    $"A descriptor has no field '{key}'. It has num_bits, name, fake_quant, axis, amax, amin, learn_amax, learn_step, scale_amax, calib_method, unsigned, narrow_range, detect_unsigned, affine, none.",
                    nameof(fields)),
            };
        }

        return descriptor;
    }

    /// <summary>The descriptor as YAML, keys in alphabetical order.</summary>
    public string ToYaml() => DescriptorYaml.Write(ToDictionary());

    /// <summary>Reads a descriptor from YAML.</summary>
    /// <param name="yaml">A mapping with the keys of <see cref="ToDictionary"/>.</param>
    /// <exception cref="ArgumentException">It is not such a mapping.</exception>
    public static QuantDescriptor FromYaml(string yaml) => FromDictionary(DescriptorYaml.Read(yaml));
}
