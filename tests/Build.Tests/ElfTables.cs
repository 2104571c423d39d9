using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace QuantGen.Tests;

/// <summary>
/// Reads the dynamic symbols and needed versions as the loader does, by the program headers and the dynamic section;
/// the code under test goes by the section headers.
/// </summary>
internal sealed class ElfTables
{
    private const int Load = 1, Dynamic = 2;
    private const long StringTable = 5, SymbolTable = 6, VersionTable = 0x6FFFFFF0, NeededVersions = 0x6FFFFFFE, NeededVersionCount = 0x6FFFFFFF;

    private readonly byte[] elf;
    private readonly List<(int Type, long Offset, long Address, long Size)> segments = [];
    private readonly Dictionary<long, long> dynamic = [];

    public ElfTables(byte[] elf)
    {
        this.elf = elf;
        for (var i = 0; i < Int16(0x38); i++)
        {
            var header = Int64(0x20) + (i * 56);
            segments.Add((Int32(header), Int64(header + 8), Int64(header + 16), Int64(header + 32)));
        }

        for (var entry = segments.Single(segment => segment.Type == Dynamic).Offset; Int64(entry) != 0; entry += 16)
        {
            dynamic[Int64(entry)] = Int64(entry + 8);
        }
    }

    /// <summary>The version index of every symbol of that name that the library needs from others.</summary>
    public IEnumerable<int> UndefinedSymbolVersions(string name)
    {
        // The string table follows the symbol table, as linkers write them; nothing else says how many symbols there are.
        var count = (dynamic[StringTable] - dynamic[SymbolTable]) / 24;
        for (var i = 0; i < count; i++)
        {
            var symbol = FileOffset(dynamic[SymbolTable]) + (i * 24);
            if (Int16(symbol + 6) == 0 && Name(Int32(symbol)) == name)
            {
                yield return Int16(FileOffset(dynamic[VersionTable]) + (i * 2));
            }
        }
    }

    /// <summary>The flags of a version that the library needs from another.</summary>
    public int NeededVersionFlags(string version)
    {
        var library = FileOffset(dynamic[NeededVersions]);
        for (var i = 0; i < dynamic[NeededVersionCount]; i++, library += Int32(library + 12))
        {
            var entry = library + Int32(library + 8);
            for (var j = 0; j < Int16(library + 2); j++, entry += Int32(entry + 12))
            {
                if (Name(Int32(entry + 8)) == version)
                {
                    return Int16(entry + 4);
                }
            }
        }

        throw new ArgumentException($"The library needs no version {version}.", nameof(version));
    }

    private string Name(int offset)
    {
        var start = (int)FileOffset(dynamic[StringTable]) + offset;
        return Encoding.ASCII.GetString(elf, start, Array.IndexOf(elf, (byte)0, start) - start);
    }

    private long FileOffset(long address)
    {
        var segment = segments.First(segment => segment.Type == Load && address >= segment.Address && address < segment.Address + segment.Size);
        return address - segment.Address + segment.Offset;
    }

    private int Int16(long offset) => BinaryPrimitives.ReadUInt16LittleEndian(elf.AsSpan((int)offset));

    private int Int32(long offset) => BinaryPrimitives.ReadInt32LittleEndian(elf.AsSpan((int)offset));

    private long Int64(long offset) => BinaryPrimitives.ReadInt64LittleEndian(elf.AsSpan((int)offset));
}
