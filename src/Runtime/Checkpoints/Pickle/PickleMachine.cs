using static QuantGen.Checkpoints.Pickle.PickleOpcode;

namespace QuantGen.Checkpoints.Pickle;

/// <summary>
/// Builds the value of a pickle. A pickle is a program, and Python's reader imports and calls what it names; this one knows a few names, which it does not call
/// but understands, and refuses all others.
/// </summary>
/// <param name="input">The pickle.</param>
/// <param name="globals">What its names mean.</param>
internal sealed partial class PickleMachine(PickleInput input, IPickleGlobals globals)
{
    private const int OldestProtocol = 2, NewestProtocol = 5;

    // Each instruction makes at most one object; checkpoints of the largest models have less than a million.
    private const int MostInstructions = 10_000_000;

    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<uint, object?> _memo = [];

    /// <summary>Runs the program.</summary>
    /// <exception cref="CheckpointException">It is damaged, or names what is not known.</exception>
    public object? Run()
    {
        if ((PickleOpcode)input.Byte() != Proto || input.Byte() is < OldestProtocol or > NewestProtocol)
        {
            throw input.Damaged($"it is no pickle of protocol {OldestProtocol} to {NewestProtocol}");
        }

        for (int i = 0; i < MostInstructions; i++)
        {
            PickleOpcode opcode = (PickleOpcode)input.Byte();
            if (opcode == Stop)
            {
                return Pop();
            }

            if (!Literal(opcode) && !Collection(opcode))
            {
                Run(opcode);
            }
        }

        throw input.Damaged($"it has more than {MostInstructions} instructions");
    }

    // The instructions that move values, name things and call them.
    private void Run(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case Mark: _marks.Add(_stack.Count); break;
            case PickleOpcode.Pop: Pop(); break;
            case PopMark: PopToMark(); break;
            case Dup: Push(Peek()); break;
            case BinGet: Push(Recall(input.Byte())); break;
            case LongBinGet: Push(Recall(input.UInt32())); break;
            case BinPut: _memo[input.Byte()] = Peek(); break;
            case LongBinPut: _memo[input.UInt32()] = Peek(); break;
            case Memoize: _memo[(uint)_memo.Count] = Peek(); break;
            case Frame: CheckFrame(); break;
            case Global: Push(Known(input.Line(), input.Line())); break;
            case StackGlobal:
                (object? name, object? module) = (Pop(), Pop());
                Push(Known(module as string, name as string));
                break;
            case Reduce or NewObj:
                (object? arguments, object? callable) = (Pop(), Pop());
                Push(Call(callable, arguments));
                break;
            case Build: Restore(Pop(), Peek()); break;
            case BinPersId: Push(Meaning(() => globals.Persistent(Pop()))); break;
            default: throw input.Refused($"the instruction 0x{(byte)opcode:x2}, which state dictionaries do not have");
        }
    }

    // The frame's bytes come as instructions; its length only helps to read ahead.
    private void CheckFrame()
    {
        ulong length = input.UInt64();
        if (length > long.MaxValue)
        {
            throw input.Damaged($"a frame of {length} bytes is announced");
        }
    }

    private PickleGlobal Known(string? module, string? name)
    {
        PickleGlobal global = new(module ?? throw input.Damaged("a name is no text"), name ?? throw input.Damaged("a name is no text"));
        return globals.Knows(global)
            ? global
            : throw input.Refused($"the name {CheckpointException.Quote(global.ToString())}, which is no part of a state dictionary");
    }

    private object? Call(object? callable, object? arguments)
        => callable is PickleGlobal global && arguments is PickleTuple given
            ? Meaning(() => globals.Call(global, given.Items))
            : throw input.Damaged("what is called is no name, or its arguments are no tuple");

    // The attributes of an ordered dictionary: a state dict has the versions of its modules there.
    private void Restore(object? state, object? target)
    {
        if (state is not PickleDictionary || target is not PickleDictionary)
        {
            throw input.Refused("attributes of something that is no dictionary");
        }
    }

    private object? Meaning(Func<object?> find)
    {
        try
        {
            return find();
        }
        catch (FormatException e)
        {
            throw input.Damaged(e.Message.TrimEnd('.'), e);
        }
        catch (NotSupportedException e)
        {
            throw input.Refused(e.Message.TrimEnd('.'));
        }
    }

    private void Push(object? value) => _stack.Add(value);

    private object? Pop()
    {
        object? value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    // What is below a mark belongs to another collection.
    private object? Peek()
        => _stack.Count > (_marks.Count > 0 ? _marks[^1] : 0) ? _stack[^1] : throw input.Damaged("an instruction takes a value, and there is none");

    private object?[] PopToMark()
    {
        if (_marks.Count == 0)
        {
            throw input.Damaged("a collection has no beginning");
        }

        int mark = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        object?[] items = [.. _stack.Skip(mark)];
        _stack.RemoveRange(mark, items.Length);
        return items;
    }

    private object? Recall(uint index) => _memo.TryGetValue(index, out object? value) ? value : throw input.Damaged($"nothing was kept as number {index}");
}
