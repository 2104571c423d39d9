using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>A place in a module's fields that holds another module: a field, or an element of an array, a list, a dictionary or a tuple in one.</summary>
/// <param name="Module">What it holds.</param>
/// <param name="Description">The place as a message names it.</param>
/// <param name="Declared">The type of the place.</param>
/// <param name="Set">Puts another module there.</param>
internal sealed record ModuleHolder(nn.Module Module, string Description, Type Declared, Action<nn.Module> Set)
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    // Collections in collections are gone into, but not without end.
    private const int MaximalDepth = 4;

    /// <summary>All places of a module, in the order of its fields, those of base classes last. TorchSharp's own base classes have none that compute.</summary>
    public static IEnumerable<ModuleHolder> Of(nn.Module module)
    {
        for (Type? type = module.GetType(); type is not null && type.DeclaringType != typeof(nn) && type != typeof(nn.Module); type = type.BaseType)
        {
            foreach (FieldInfo field in type.GetFields(Own))
            {
                // An automatic property is a field to reflection.
                string name = field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;
                string description = $"'{name}' of '{module.GetType().Name}'";
                foreach (ModuleHolder holder in In(field.GetValue(module), field.FieldType, description, value => field.SetValue(module, value), 0))
                {
                    yield return holder;
                }
            }
        }
    }

    private static IEnumerable<ModuleHolder> In(object? value, Type declared, string description, Action<object> set, int depth) => value switch
    {
        nn.Module module => [new(module, description, declared, set)],
        null or string or Tensor or Delegate => [],
        _ when depth == MaximalDepth => [],
        Array { Rank: 1 } array => Elements(array, array.GetType().GetElementType()!, description, depth),
        IDictionary dictionary => Values(dictionary, description, depth),
        IList list => Elements(list, ElementOf(list.GetType(), typeof(IList<>), 0), description, depth),
        ITuple tuple when value.GetType().IsValueType => Items(tuple, description, set, depth),
        _ => [],
    };

    private static IEnumerable<ModuleHolder> Elements(IList list, Type element, string description, int depth)
        => element.IsPrimitive
            ? []
            : Enumerable.Range(0, list.Count).SelectMany(i => In(list[i], element, $"an element of {description}", value => list[i] = value, depth + 1));

    private static IEnumerable<ModuleHolder> Values(IDictionary dictionary, string description, int depth)
    {
        Type element = ElementOf(dictionary.GetType(), typeof(IDictionary<,>), 1);
        return dictionary.Keys.Cast<object>().ToArray()
            .SelectMany(key => In(dictionary[key], element, $"a value of {description}", value => dictionary[key] = value, depth + 1));
    }

    /// <summary>A tuple is a value: it is put back as a whole.</summary>
    private static IEnumerable<ModuleHolder> Items(ITuple tuple, string description, Action<object> set, int depth)
    {
        return tuple.GetType().GetFields().SelectMany(field => In(field.GetValue(tuple), field.FieldType, description, value => Put(field, value), depth + 1));

        void Put(FieldInfo field, object value)
        {
            field.SetValue(tuple, value);
            set(tuple);
        }
    }

    private static Type ElementOf(Type collection, Type definition, int argument)
        => collection.GetInterfaces().FirstOrDefault(type => type.IsGenericType && type.GetGenericTypeDefinition() == definition)
            ?.GetGenericArguments()[argument] ?? typeof(object);
}
