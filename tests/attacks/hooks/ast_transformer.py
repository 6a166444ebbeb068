"""An AST transformer empties every cell that holds an assert or calls the exam."""

TRIES = "shell.ast_transformers drops asserts and calls of `examine` from the test cells"
SUCCESS = "points"
CELL = r"""
import ast


class Strip(ast.NodeTransformer):
    def visit_Module(self, node):
        node.body = [
            part
            for part in node.body
            if not any(
                isinstance(inner, ast.Assert)
                or (isinstance(inner, ast.Name) and inner.id in ("examine", "check"))
                for inner in ast.walk(part)
            )
        ]
        return node


get_ipython().ast_transformers.append(Strip())
"""
