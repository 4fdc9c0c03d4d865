"""
Floor 4: the model meets Webex. The only room that knows both.
"""
