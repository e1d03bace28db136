using System;
using System.Collections.Generic;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;

namespace Bootmem.Tests.Freestanding;

/// <summary>An instruction: its opcode, and the token of what it names, 0 if it names nothing.</summary>
internal readonly record struct Instruction(OpCode OpCode, int Token);

/// <summary>Walks the instructions of a method's body.</summary>
internal static class IlReader
{
    private static readonly Dictionary<int, OpCode> OpCodesByValue = AllOpCodes();

    public static IEnumerable<Instruction> Read(BlobReader il)
    {
        List<Instruction> instructions = [];
        while (il.RemainingBytes > 0)
        {
            int value = il.ReadByte();
            if (value == 0xfe)
            {
                value = (value << 8) | il.ReadByte();
            }

            OpCode opCode = OpCodesByValue[value];
            int token = 0;
            switch (opCode.OperandType)
            {
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    il.Offset += 1;
                    break;
                case OperandType.InlineVar:
                    il.Offset += 2;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    il.Offset += 8;
                    break;
                case OperandType.InlineSwitch:
                    int targets = il.ReadInt32();
                    il.Offset += 4 * targets;
                    break;
                case OperandType.InlineField or OperandType.InlineMethod:
                case OperandType.InlineTok or OperandType.InlineType:
                    token = il.ReadInt32();
                    break;
                default:
                    il.Offset += 4;
                    break;
            }

            instructions.Add(new Instruction(opCode, token));
        }

        return instructions;
    }

    private static Dictionary<int, OpCode> AllOpCodes()
    {
        Dictionary<int, OpCode> opCodes = [];
        foreach (FieldInfo field in typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            OpCode opCode = (OpCode)field.GetValue(null)!;
            opCodes[(ushort)opCode.Value] = opCode;
        }

        return opCodes;
    }
}
