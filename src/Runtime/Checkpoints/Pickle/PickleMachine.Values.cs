using static QuantGen.Checkpoints.Pickle.PickleOpcode;

namespace QuantGen.Checkpoints.Pickle;

/// <content>Numbers and texts, and collections of them.</content>
internal sealed partial class PickleMachine
{
    /// <summary>Pushes a value that stands in the pickle; false where it is another instruction.</summary>
    private bool Literal(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case None: Push(null); break;
            case NewTrue: Push(true); break;
            case NewFalse: Push(false); break;
            case BinInt: Push((long)input.Int32()); break;
            case BinInt1: Push((long)input.Byte()); break;
            case BinInt2: Push((long)input.UInt16()); break;
            case Long1: Push(input.Integer(input.Byte())); break;
            case Long4: Push(input.Integer(input.UInt32())); break;
            case BinFloat: Push(input.Double()); break;
            case ShortBinUnicode: Push(input.Text(input.Byte())); break;
            case BinUnicode: Push(input.Text(input.UInt32())); break;
            case BinUnicode8: Push(input.Text(input.UInt64())); break;

            // The texts of Python 2, in which old checkpoints have their names.
            case ShortBinString: Push(input.Text(input.Byte())); break;
            case BinString: Push(input.Text(input.UInt32())); break;

            case ShortBinBytes: Push(input.Bytes(input.Byte())); break;
            case BinBytes: Push(input.Bytes(input.UInt32())); break;
            case BinBytes8 or ByteArray8: Push(input.Bytes(input.UInt64())); break;
            default: return false;
        }

        return true;
    }

    /// <summary>Makes or fills a collection; false where it is another instruction.</summary>
    private bool Collection(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case EmptyTuple: Push(new PickleTuple([])); break;
            case Tuple1: Push(new PickleTuple(Last(1))); break;
            case Tuple2: Push(new PickleTuple(Last(2))); break;
            case Tuple3: Push(new PickleTuple(Last(3))); break;
            case PickleOpcode.Tuple: Push(new PickleTuple(PopToMark())); break;
            case EmptyList or EmptySet: Push(new PickleList()); break;
            case List or FrozenSet: Push(Filled(new PickleList(), PopToMark())); break;
            case Append: Fill(Last(1)); break;
            case Appends or AddItems: Fill(PopToMark()); break;
            case EmptyDict: Push(new PickleDictionary()); break;
            case Dict: Push(Set(new PickleDictionary(), PopToMark())); break;
            case SetItem: Set(Last(2)); break;
            case SetItems: Set(PopToMark()); break;
            default: return false;
        }

        return true;
    }

    private object?[] Last(int count)
    {
        object?[] items = new object?[count];
        for (int i = count - 1; i >= 0; i--)
        {
            items[i] = Pop();
        }

        return items;
    }

    private void Fill(object?[] items) => Filled(Peek() as PickleList ?? throw input.Damaged("what is appended to is no list"), items);

    private static PickleList Filled(PickleList list, object?[] items)
    {
        if (items.Length > 0)
        {
            list.Items.AddRange(items);
        }

        return list;
    }

    private void Set(object?[] items) => Set(Peek() as PickleDictionary ?? throw input.Damaged("what an entry is put into is no dictionary"), items);

    private PickleDictionary Set(PickleDictionary dictionary, object?[] items)
    {
        if (items.Length % 2 != 0)
        {
            throw input.Damaged("an entry of a dictionary has no value");
        }

        for (int i = 0; i < items.Length; i += 2)
        {
            dictionary.Set(items[i], items[i + 1]);
        }

        return dictionary;
    }
}
